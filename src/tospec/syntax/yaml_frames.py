"""Collections under composition."""

from dataclasses import dataclass, field

from tospec.source import Span
from tospec.syntax.nodes import Mapping, Node, Scalar, Sequence


@dataclass(slots=True)
class Frame:
    """A list or mapping whose end the parser has not reached.

    Attributes:
        is_mapping: Whether it is a mapping.
        is_flow: Whether it is written with brackets or braces.
        line: Line on which it begins, from 0, in the fragment.
        column: Column at which it begins, from 0, in the fragment.
        span: Its first character in the file.
        seen: Keys so far, each with the place where it stands first.
        expects_key: Whether the next node is a key.
    """

    is_mapping: bool
    is_flow: bool
    line: int
    column: int
    span: Span
    seen: dict[str, Span] = field(default_factory=dict)
    expects_key: bool = False
    _key: Scalar | None = None
    _items: list[Node] = field(default_factory=list)
    _entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    _reach: int = 1

    def __post_init__(self) -> None:
        self.expects_key = self.is_mapping

    def begin_entry(self, key: Scalar | None) -> None:
        """Take the key of the next entry; None drops the entry."""
        self._key = key
        self.expects_key = False
        if key is not None:
            self.seen[key.text] = key.span
            self._extend(key.span)

    def add(self, node: Node) -> None:
        """Take an item, or the value of the entry whose key came last."""
        if not self.is_mapping:
            self._extend(node.span)
            self._items.append(node)
            return
        if self._key is not None:
            placed = _with_place(node, self._key.span)
            self._extend(placed.span)
            self._entries.append((self._key, placed))
        self.expects_key = True

    def node(self, end: tuple[int, int]) -> Node:
        """Return the finished collection; `end` is where the parser saw it end, from 0."""
        reach = self._reach
        if self.is_flow and end[0] == self.line:
            reach = end[1] - self.column
        span = Span(self.span.file, self.span.line, self.span.column, max(reach, 1))
        if self.is_mapping:
            return Mapping(tuple(self._entries), span)
        return Sequence(tuple(self._items), span)

    def _extend(self, inner: Span) -> None:
        if inner.line == self.span.line:
            self._reach = max(self._reach, inner.column + inner.length - self.span.column)


def is_absent(node: Node) -> bool:
    """Return whether nothing is written where the parser reports an empty value."""
    return isinstance(node, Scalar) and not node.text and not node.quoted


def _with_place(node: Node, key: Span) -> Node:
    """Return `node`; an empty value is placed at its key, since it has no text of its own."""
    if is_absent(node):
        return Scalar(None, "", key, quoted=False)
    return node
