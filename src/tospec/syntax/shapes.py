"""Shapes of nodes: what may stand where in a block, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Notation(StrEnum):
    """How a text must be written for what it means."""

    LINE = "line"
    PROSE = "prose"
    PASCAL = "PascalCase"
    SNAKE = "snake_case"
    KEBAB = "kebab-case"
    CAPITALS = "CAPITALS"
    MEMBER = "member"
    SORT = "sort"
    PERMISSION = "permission"
    CONVENTION = "convention"
    VERSION = "version"
    DURATION = "duration"
    TIME = "time"
    PERIOD = "period"
    SIZE = "size"
    MEDIA_TYPE = "media type"
    CALL = "call"
    HEADER = "header"
    HTTP = "http"
    PATTERN = "pattern"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True)
class Text:
    """A text.

    Attributes:
        notation: How it is written.
        means: What it stands for.
        open: Whether it may be left empty, which leaves the question open.
    """

    notation: Notation = Notation.LINE
    means: str = "text"
    open: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two bounds, both included."""

    least: int = 0
    greatest: int = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: a number, or null for no bound."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Any single value: text, number, true, false or null."""


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression; `gives` says what its value is used as."""

    gives: str = "true or false"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of things of one shape, without repetitions when they are words."""

    item: "Shape"
    least: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A list of exactly two things of one shape."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys are names that the spec chooses."""

    key: Text
    value: "Shape"
    least: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    """A single value or, where one is not enough, a list."""

    single: "Shape"
    several: "Shape"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record.

    Attributes:
        shape: What stands under it.
        doc: What it says, for the reference page and for editors.
        required: Whether a record without it means nothing.
        default: What holds when it is left out, in words; empty when nothing does.
    """

    shape: "Shape"
    doc: str
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys.

    Attributes:
        name: What it is called in messages and in the JSON Schema.
        keys: The keys in the order in which they are documented and printed.
        rest: Shape of the values under other keys; None when there are no others.
    """

    name: str
    keys: Mapping[str, Key]
    rest: "Shape | None" = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several records, told apart by which key is present."""

    name: str
    records: Mapping[str, Record]


type Shape = (
    Text
    | Choice
    | Flag
    | Whole
    | Bound
    | Constant
    | Formula
    | ListOf
    | Pair
    | MapOf
    | Either
    | Record
    | Variant
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block.

    Attributes:
        word: The key that makes a block of this kind; its value names what the block declares.
        record: All keys, `word` among them.
        doc: What such a block says.
        example: A complete block.
        single: Whether a spec has at most one.
    """

    word: str
    record: Record
    doc: str
    example: str
    single: bool = False
