"""Python source together with the names that it needs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, LiteralString, Self

from tospec.python.imports import Import


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Python source and the imports without which it would not run.

    Attributes:
        text: The source. Comes from tospec's own constants or through a quoting door, never
            from a spec as it stands.
        imports: What a module that holds the source has to import.
    """

    text: str
    imports: frozenset[Import] = frozenset()

    def indented(self, spaces: int) -> Self:
        """Return the same source with all lines but the first moved to the right.

        No string literal spans lines except docstrings, so this changes no value.
        """
        first, *rest = self.text.split("\n")
        moved = (" " * spaces + line if line.strip() else line for line in rest)
        return replace(self, text="\n".join((first, *moved)))


NOTHING: Final = Code("")


@lru_cache(maxsize=65536)
def symbol(module: str, name: str, *, alias: str | None = None) -> Code:
    """Return the use of a name that is imported from a module."""
    return Code(alias or name, frozenset({Import(module, name, alias)}))


@lru_cache(maxsize=65536)
def module_symbol(module: str, *, alias: str | None = None) -> Code:
    """Return the use of an imported module."""
    return Code(alias or module, frozenset({Import(module, None, alias)}))


def fill(
    pattern: LiteralString, /, *parts: Code, imports: Iterable[Import] = (), **named: Code
) -> Code:
    """Return a pattern with its placeholders replaced by pieces of source.

    Args:
        pattern: A constant in the manner of `str.format`; write braces twice.
        parts: What fills `{}` and `{0}`.
        imports: What the pattern itself needs.
        named: What fills `{name}`.

    Raises:
        TypeError: If an argument is not `Code`.
    """
    every = (*parts, *named.values())
    for part in every:
        _require_code(part)
    text = pattern.format(*(p.text for p in parts), **{n: p.text for n, p in named.items()})
    return Code(text, frozenset(imports).union(*(part.imports for part in every)))


def join(separator: LiteralString, parts: Iterable[Code]) -> Code:
    """Return pieces of source in the given order with a separator between them."""
    every = tuple(parts)
    for part in every:
        _require_code(part)
    imports: frozenset[Import] = frozenset().union(*(part.imports for part in every))
    return Code(separator.join(part.text for part in every), imports)


def lines(parts: Iterable[Code]) -> Code:
    """Return pieces of source, one below the other."""
    return join("\n", parts)


def _require_code(value: object) -> None:
    if not isinstance(value, Code):
        message = f"{type(value).__name__} is not Code: pass it through a quoting door"
        raise TypeError(message)
