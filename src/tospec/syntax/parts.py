"""Blocks with their kind, their name and the requirements that they serve."""

from collections.abc import Iterable
from dataclasses import dataclass

from tospec.source import Span
from tospec.syntax import codes
from tospec.syntax.grammar import KINDS
from tospec.syntax.keys import Keys, Word
from tospec.syntax.nodes import Mapping
from tospec.syntax.problems import Problems, shown, suggestion
from tospec.syntax.reading import Block
from tospec.syntax.shapes import Kind
from tospec.syntax.structure import check_record


@dataclass(frozen=True, slots=True)
class Part:
    """A block whose kind is known.

    Attributes:
        kind: The word that makes it a block of this kind.
        name: What it declares, with its place; the kind itself for blocks without a name.
        keys: The values in it.
        requirements: Ids of the requirements that it serves.
        span: Where the block begins.
    """

    kind: str
    name: Word
    keys: Keys
    requirements: tuple[str, ...]
    span: Span


def parts_of(
    blocks: Iterable[Block], known: frozenset[str], problems: Problems
) -> tuple[Part, ...]:
    """Return the parts of a spec and report structure that the language does not have."""
    parts: list[Part] = []
    for block in blocks:
        kind = _kind(block.root, problems)
        if kind:
            check_record(block.root, kind.record, problems)
            parts.append(_part(kind, block, known, problems))
    _report_second_blocks(parts, problems)
    return tuple(parts)


def first_of(parts: Iterable[Part], kind: str) -> Part | None:
    """Return the first part of a kind."""
    return next((part for part in parts if part.kind == kind), None)


def all_of(parts: Iterable[Part], kind: str) -> tuple[Part, ...]:
    """Return the parts of a kind, in the spec's order."""
    return tuple(part for part in parts if part.kind == kind)


def _kind(root: Mapping, problems: Problems) -> Kind | None:
    written = root.keys()
    candidates = [KINDS[key] for key in written if key in KINDS]
    if candidates:
        return min(candidates, key=lambda kind: len(set(written) - set(kind.record.keys)))
    first = root.entries[0][0] if len(root) else None
    span = first.span if first else root.span
    what = f" It begins with '{shown(first.text)}'." if first else ""
    help_ = suggestion(first.text if first else "", KINDS) or f"Begin it with {', '.join(KINDS)}."
    problems.add(codes.UNKNOWN_KIND, span, f"This block is of no known kind.{what}", help_)
    return None


def _part(kind: Kind, block: Block, known: frozenset[str], problems: Problems) -> Part:
    keys = Keys(block.root)
    name = keys.word(kind.word) or Word(kind.word, keys.key_place(kind.word))
    above = [block.requirement.id] if block.requirement else []
    listed = keys.words("requirements")
    of_list = keys.record("list")
    for word in (*listed, *(of_list.words("requirements") if of_list else ())):
        if word.text not in known:
            problems.unknown(codes.UNKNOWN_REQUIREMENT, word.span, "requirement", word.text, known)
    served = tuple(dict.fromkeys([*above, *(word.text for word in listed)]))
    return Part(kind.word, name, keys, served, block.span)


def _report_second_blocks(parts: list[Part], problems: Problems) -> None:
    first: dict[str, Part] = {}
    for part in parts:
        if part.kind not in first:
            first[part.kind] = part
        elif KINDS[part.kind].single:
            related = ((first[part.kind].name.span, "The first one is here."),)
            message = f"A spec has one '{part.kind}' block; this is another."
            problems.add(codes.SECOND_BLOCK, part.name.span, message, "Join the two.", related)
