"""In which version of the language a spec is written."""

from collections.abc import Iterable
from typing import Final

from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.grammar.system import LANGUAGE, SYSTEM
from tospec.syntax.nodes import Scalar
from tospec.syntax.problems import Problems
from tospec.syntax.reading import Block

_KEY: Final = "tospec"


def is_newer(blocks: Iterable[Block], problems: Problems) -> bool:
    """Return whether a spec says that this version of tospec does not know its language.

    That is then reported; what else the spec holds cannot be judged.
    """
    version, span = _named(blocks) or (LANGUAGE, None)
    if version > LANGUAGE:
        message = f"The spec is written in version {version} of the language; "
        known = f"this version of tospec knows version {LANGUAGE}."
        help_ = "Install a newer version of tospec."
        problems.add(codes.NEWER_LANGUAGE, span, message + known, help_)
    return version > LANGUAGE


def names_version(blocks: Iterable[Block]) -> bool:
    """Return whether a spec says in which version it is written."""
    return _named(blocks) is not None


def _named(blocks: Iterable[Block]) -> tuple[int, Span] | None:
    roots = (block.root for block in blocks if SYSTEM.word in block.root)
    for value in (root.get(_KEY) for root in roots):
        if isinstance(value, Scalar) and isinstance(value.value, int):
            return value.value, value.span
    return None
