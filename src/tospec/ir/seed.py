"""Example data: which rows are made, in which order, and of what."""

from dataclasses import dataclass
from decimal import Decimal

from tospec.ir.entities import Entity
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation
from tospec.ir.schemas import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text with the row's number in place of `{}`: `Task {}`."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A text whose middle is spelled with signs of an alphabet."""

    before: str
    alphabet: str
    length: int
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One of a few texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number between two others, in steps; `scale` digits after the point of a decimal."""

    low: Decimal
    high: Decimal
    step: int = 1
    scale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """Whatever suits the member's kind."""


type Source = Words | Spelling | Listed | Amount | Ordinary


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A member of a body and what it is filled with.

    Attributes:
        distinct: Whether no two rows may have the same.
    """

    member: Member
    source: Source
    distinct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A member of a body, or a parameter of a path, that names other rows.

    Attributes:
        to: Their entity; None for people.
        permission: What a person's role should hold.
        shared: References that the other row must have in common with this one.
        is_self: Whether it names rows of its own entity.
    """

    name: str
    to: EntityNames | None
    many: bool = False
    optional: bool = False
    permission: str | None = None
    shared: tuple[str, ...] = ()
    is_self: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step along a lifecycle."""

    operation: Operation
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An operation that links other rows, one at a time, to a new one."""

    operation: Operation
    field: str
    to: EntityNames | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the rows of one entity are made.

    Attributes:
        above: Row of the path below which they are made.
        moves: Moves that are made, each once.
        ways: For each state that can be reached, the functions of the moves that lead there.
        is_main: Whether there are as many as are asked for.
        is_after: Whether they refer to rows of the main entity.
    """

    entity: Entity
    create: Operation
    above: Reference | None
    references: tuple[Reference, ...]
    values: tuple[Value, ...]
    links: tuple[Link, ...]
    moves: tuple[Move, ...]
    ways: tuple[tuple[str, ...], ...]
    is_main: bool
    is_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The rows of an example tenant, in the order in which they are made."""

    kinds: tuple[Kind, ...]
