"""Expressions whose every part has a type and a meaning."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.expression.nodes import Literal
from tospec.expression.types import Kind, Type
from tospec.source import Span


class Function(StrEnum):
    """Functions and methods that compute a value from values."""

    NOW = "now"
    LOWER = "lower"
    SLUG = "slug"
    SIZE = "size"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"
    STRING = "string"
    MENTIONED = "mentioned"


class Tally(StrEnum):
    """What is asked of the rows of a relation to many."""

    COUNT = "count"
    EXISTS = "exists"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    SUM = "sum"

    @property
    def measures(self) -> bool:
        """Whether it is about a value of the rows; it is null where no row has one."""
        return self not in {Tally.COUNT, Tally.EXISTS}


@dataclass(frozen=True, slots=True)
class Root:
    """Where a path starts.

    Attributes:
        name: Unique in the expression: the row's or variable's name; a row that an aggregate
            goes over gets a name of its own.
        type: Type of the row or variable.
        level: 0 for the row that the expression is about, 1 and more for the rows of aggregates
            around the place; None for a variable such as `principal` or `input`.
    """

    name: str
    type: Type
    level: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One member on a path, with its declared type."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Part:
    """What all parts of a typed expression have.

    Attributes:
        offset: Code points of the expression's text before it.
        length: Code points that it covers.
        type: Type of its value; where a guard proves it, without null.
    """

    offset: int
    length: int
    type: Type


@dataclass(frozen=True, slots=True)
class Constant(Part):
    """A value known beforehand; a value of an enum is its text, null is None."""

    value: Literal


@dataclass(frozen=True, slots=True)
class Items(Part):
    """A list of expressions, none of them null."""

    items: "tuple[Typed, ...]"


@dataclass(frozen=True, slots=True)
class Path(Part):
    """A row or variable, or what is found by following members from it.

    A relation to one that is used as a value, and the principal used as a value, end in `id`.
    """

    root: Root
    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in order."""
        return tuple(step.name for step in self.steps)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this path from others; `assignee.id` and `assignee` are the same."""
        before = self.steps[-2].type if len(self.steps) > 1 else self.root.type
        is_id = self.names[-1:] == ("id",) and before.kind in {Kind.ENTITY, Kind.PRINCIPAL}
        start = self.root.name if self.is_stored else f"{self.root.name}()"
        return (start, *(self.names[:-1] if is_id else self.names))

    @property
    def is_stored(self) -> bool:
        """Whether it starts at a row, not at a variable."""
        return self.root.level is not None

    def __str__(self) -> str:
        return ".".join((self.root.name, *self.names))


@dataclass(frozen=True, slots=True)
class Not(Part):
    """True when the operand is false."""

    operand: "Typed"


@dataclass(frozen=True, slots=True)
class And(Part):
    """True when all operands are; a later one counts on the earlier ones."""

    operands: "tuple[Typed, ...]"


@dataclass(frozen=True, slots=True)
class Or(Part):
    """True when one operand is; a later one counts on the earlier ones being false."""

    operands: "tuple[Typed, ...]"


@dataclass(frozen=True, slots=True)
class Compare(Part):
    """`==` and `!=`, which know null as a value, or an ordering, which never meets null."""

    operator: str
    left: "Typed"
    right: "Typed"


@dataclass(frozen=True, slots=True)
class Membership(Part):
    """Whether an item is in a list; null is in none."""

    item: "Typed"
    options: "Typed"


@dataclass(frozen=True, slots=True)
class Arithmetic(Part):
    """`+ - * / %` on two values; int division and its rest truncate towards zero."""

    operator: str
    left: "Typed"
    right: "Typed"


@dataclass(frozen=True, slots=True)
class Negate(Part):
    """Minus a number or duration."""

    operand: "Typed"


@dataclass(frozen=True, slots=True)
class Conditional(Part):
    """One of two values, by a test."""

    test: "Typed"
    then: "Typed"
    otherwise: "Typed"


@dataclass(frozen=True, slots=True)
class Call(Part):
    """A function of values; a method's object is its first argument."""

    function: Function
    arguments: "tuple[Typed, ...]"


@dataclass(frozen=True, slots=True)
class HasPermission(Part):
    """Whether the principal holds a permission."""

    principal: Path
    permission: str


@dataclass(frozen=True, slots=True)
class MayDo(Part):
    """Whether a user, or else the principal, may do an action to a row."""

    action: str
    subject: Path
    user: Path | None


@dataclass(frozen=True, slots=True)
class Aggregate(Part):
    """What is asked of the rows of a relation that meet a condition.

    The median of an even number of values lies halfway between the two in the middle, rounded
    down; of a duration, to the microsecond.

    Attributes:
        tally: Whether rows are counted, only looked for, or one of their values is measured.
        relation: Path that ends in a relation to many.
        row: Root of paths in condition and value that start at the related row.
        condition: None when all rows count.
        value: What is measured; rows where it is null are left out. None for a tally of rows.
    """

    tally: Tally
    relation: Path
    row: Root
    condition: "Typed | None"
    value: "Typed | None" = None


type Typed = (
    Constant
    | Items
    | Path
    | Not
    | And
    | Or
    | Compare
    | Membership
    | Arithmetic
    | Negate
    | Conditional
    | Call
    | HasPermission
    | MayDo
    | Aggregate
)


@dataclass(frozen=True, slots=True)
class TypedExpression:
    """An expression that makes sense where it stands.

    Attributes:
        text: What was written, one line.
        span: Where it was written.
        root: The outermost part.
    """

    text: str
    span: Span
    root: Typed

    @property
    def type(self) -> Type:
        """Type of the whole."""
        return self.root.type
