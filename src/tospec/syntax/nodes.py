"""Located YAML: what a block holds and where each part of it stands."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from types import NoneType
from typing import Final

from tospec.source import Span

_VALUES: Final[dict[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    Decimal: "a decimal number",
    NoneType: "empty",
    str: "text",
}

type Value = str | int | Decimal | bool | None
type Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value.

    Attributes:
        value: Text, or what a plain word means: `true`, `12`, `1.10`, `null`.
        text: The value's text as written, without quotes and with escapes and folds resolved.
        span: The whole scalar with its quotes; an empty value has the span of its key.
        quoted: Whether quotes or a block indicator make it text whatever it spells.
        starts: For each stretch of `text` that the file holds verbatim: offset, line, column.
    """

    value: Value
    text: str
    span: Span
    quoted: bool
    starts: tuple[tuple[int, int, int], ...] = ()

    def within(self, offset: int, length: int = 1) -> Span:
        """Return the place of `text[offset:offset + length]`, or `span` when it is not verbatim."""
        index = bisect_right(self.starts, offset, key=lambda start: start[0]) - 1
        if index < 0:
            return self.span
        begin, line, column = self.starts[index]
        # A blank line between two parts of a text stands on neither's line.
        end = self.text.find("\n", begin, offset)
        at = offset if end < 0 else end
        return Span(self.span.file, line, column + at - begin, max(length, 1))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes.

    Attributes:
        items: The nodes in source order.
        span: From the first character to the end of what stands on that line.
    """

    items: tuple[Node, ...]
    span: Span

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their nodes. Keys are text, and no key occurs twice.

    Attributes:
        entries: Key and value nodes in source order.
        span: From the first key or brace to the end of what stands on that line.
    """

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span
    _index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {key.text: position for position, (key, _) in enumerate(self.entries)}
        object.__setattr__(self, "_index", index)

    def __contains__(self, key: str) -> bool:
        return key in self._index

    def __len__(self) -> int:
        return len(self.entries)

    def keys(self) -> tuple[str, ...]:
        """Return the keys in source order."""
        return tuple(self._index)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield each key's text with its node, in source order."""
        return ((key.text, node) for key, node in self.entries)

    def key(self, key: str) -> Scalar | None:
        """Return the node of the key itself, or None."""
        position = self._index.get(key)
        return None if position is None else self.entries[position][0]

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None when there is no such key."""
        position = self._index.get(key)
        return None if position is None else self.entries[position][1]


def describe(node: Node) -> str:
    """Return what `node` is, in the words of a message: `a list`, `a whole number`."""
    if isinstance(node, Scalar):
        return _VALUES[type(node.value)]
    return "a mapping" if isinstance(node, Mapping) else "a list"
