"""Reading values out of a block whose structure was checked, and which may be wrong all the same.

Nothing here reports anything: `structure` has done so. What does not have the wanted shape is left
out, so that decoding goes on and everything else that is wrong is found as well.
"""

from dataclasses import dataclass

from tospec.source import Span
from tospec.syntax.nodes import Mapping, Node, Scalar, Sequence
from tospec.syntax.notations import milliseconds, octets, seconds


@dataclass(frozen=True, slots=True)
class Word:
    """A text with its place."""

    text: str
    span: Span


def word_of(node: Node | None) -> Word | None:
    """Return the text that `node` holds, if it holds one."""
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
        return None
    return Word(node.text, node.span)


def words_of(node: Node | None) -> tuple[Word, ...]:
    """Return the texts of a list, each once."""
    items = node.items if isinstance(node, Sequence) else ()
    words = [word for word in map(word_of, items) if word]
    return tuple({word.text: word for word in words}.values())


@dataclass(frozen=True, slots=True)
class Keys:
    """The values under the keys of a mapping."""

    node: Mapping

    @property
    def span(self) -> Span:
        """Where the mapping stands."""
        return self.node.span

    def __contains__(self, key: str) -> bool:
        return key in self.node

    def place(self, key: str) -> Span:
        """Return where the value under `key` stands; the mapping itself without one."""
        value = self.node.get(key)
        return value.span if value else self.node.span

    def key_place(self, key: str) -> Span:
        """Return where `key` itself stands; the mapping without it."""
        found = self.node.key(key)
        return found.span if found else self.node.span

    def word(self, key: str) -> Word | None:
        """Return the text under `key` with its place."""
        return word_of(self.node.get(key))

    def text(self, key: str) -> str:
        """Return the text under `key`, or an empty one."""
        word = self.word(key)
        return word.text if word else ""

    def words(self, key: str) -> tuple[Word, ...]:
        """Return the texts of the list under `key`."""
        return words_of(self.node.get(key))

    def word_or_words(self, key: str) -> tuple[Word, ...]:
        """Return the text, or the texts of the list, under `key`."""
        single = self.word(key)
        return (single,) if single else self.words(key)

    def flag(self, key: str) -> bool:
        """Return whether `key` says true."""
        value = self.scalar(key)
        return value is not None and value.value is True

    def scalar(self, key: str) -> Scalar | None:
        """Return the single value under `key`."""
        value = self.node.get(key)
        return value if isinstance(value, Scalar) else None

    def whole(self, key: str) -> int | None:
        """Return the whole number under `key`."""
        value = self.scalar(key)
        return value.value if value and type(value.value) is int else None

    def milliseconds(self, key: str) -> int | None:
        """Return the time under `key`, in milliseconds."""
        return milliseconds(self.text(key))

    def seconds(self, key: str) -> int | None:
        """Return the length of the duration under `key`."""
        return seconds(self.text(key))

    def octets(self, key: str) -> int | None:
        """Return how many bytes the size under `key` is."""
        return octets(self.text(key))

    def pair(self, key: str) -> tuple[Scalar, Scalar] | None:
        """Return the two single values of the list under `key`."""
        value = self.node.get(key)
        if not isinstance(value, Sequence) or len(value) != 2:
            return None
        least, most = value.items
        return (least, most) if isinstance(least, Scalar) and isinstance(most, Scalar) else None

    def whole_pair(self, key: str) -> tuple[int, int] | None:
        """Return the two whole numbers of the list under `key`."""
        found = self.pair(key)
        if not found:
            return None
        least, most = found[0].value, found[1].value
        return (least, most) if type(least) is int and type(most) is int else None

    def record(self, key: str) -> "Keys | None":
        """Return the mapping under `key`."""
        value = self.node.get(key)
        return Keys(value) if isinstance(value, Mapping) else None

    def nodes(self, key: str) -> tuple[Node, ...]:
        """Return the items of the list under `key`."""
        value = self.node.get(key)
        return value.items if isinstance(value, Sequence) else ()

    def records(self, key: str) -> "tuple[Keys, ...]":
        """Return the mappings of the list under `key`."""
        return tuple(Keys(item) for item in self.nodes(key) if isinstance(item, Mapping))

    def entries(self, key: str) -> tuple[tuple[Word, Node], ...]:
        """Return names and values of the mapping under `key`."""
        value = self.node.get(key)
        pairs = value.entries if isinstance(value, Mapping) else ()
        return tuple((Word(name.text, name.span), node) for name, node in pairs)

    def named(self, key: str) -> "tuple[tuple[Word, Keys], ...]":
        """Return names and mappings of the mapping under `key`."""
        found = self.entries(key)
        return tuple((name, Keys(node)) for name, node in found if isinstance(node, Mapping))
