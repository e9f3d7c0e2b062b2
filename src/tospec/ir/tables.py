"""Tables: what a database has to be told, whatever the library."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tospec.ir.sql import sql_name


class ColumnKind(StrEnum):
    """What kind of value a column holds."""

    ID = "id"
    STRING = "string"
    TEXT = "text"
    INT = "int"
    BIG_INT = "big_int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    ENUM = "enum"
    JSON = "json"


class Role(StrEnum):
    """Why a column is there."""

    ID = "id"
    TENANT = "tenant"
    FIELD = "field"
    REFERENCE = "reference"
    CREATED = "created"
    UPDATED = "updated"
    VERSION = "version"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """A closed set of texts.

    Attributes:
        type: Name of its class: `TaskStatus`.
        field: Field that holds it; names its check.
        members: Name and value of each, in order.
        is_state: Whether its values are the states of a lifecycle.
    """

    type: str
    field: str
    members: tuple[tuple[str, str], ...]
    is_state: bool = False

    def member_of(self, value: str) -> str:
        """Return the member's name of a value."""
        return next(name for name, each in self.members if each == value)


type Default = str | int | Decimal | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        length: Greatest number of code points of a string.
        digits: Total digits and digits after the point of a decimal.
        default: What an insert without it stores; None for nothing.
        enum: The type of an enum.
    """

    name: str
    kind: ColumnKind
    nullable: bool
    role: Role = Role.FIELD
    length: int | None = None
    digits: tuple[int, int] | None = None
    default: Default | None = None
    enum: EnumType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthCheck:
    """A text holds `minimum` to `maximum` code points."""

    name: str
    column: str
    minimum: int
    maximum: int

    @property
    def condition(self) -> str:
        """The check in SQL."""
        return f"length({sql_name(self.column)}) BETWEEN {self.minimum} AND {self.maximum}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeCheck:
    """A number is at least `minimum` and at most `maximum`; None for no limit."""

    name: str
    column: str
    minimum: Decimal | None
    maximum: Decimal | None

    @property
    def condition(self) -> str:
        """The check in SQL."""
        column = sql_name(self.column)
        if self.minimum is not None and self.maximum is not None:
            return f"{column} BETWEEN {self.minimum:f} AND {self.maximum:f}"
        if self.minimum is not None:
            return f"{column} >= {self.minimum:f}"
        return f"{column} <= {self.maximum:f}"


type Check = LengthCheck | RangeCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A column holds the id of a row of the same tenant.

    Attributes:
        name: Name of the constraint, at most 63 bytes.
        cascade: Whether the row goes when the one it refers to goes.
    """

    name: str
    column: str
    table: str
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """No two rows of a tenant share these values.

    Attributes:
        columns: The tenant's column not among them.
        fields: Public names of the columns.
        folded: Columns whose texts are the same when they differ in case only.
        only_alive: Whether rows that are deleted, but kept, do not count.
    """

    name: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    folded: frozenset[str] = frozenset()
    only_alive: bool = False

    @property
    def is_index(self) -> bool:
        """Whether only an index can express it."""
        return bool(self.folded) or self.only_alive


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlKey:
    """What an index holds beside columns.

    Attributes:
        name: For the name of the index.
        sql: A value that follows from the row, or a column in descending order.
        is_rank: Whether it is the place of an enum's value in the order of the spec.
    """

    name: str
    sql: str
    is_rank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What is searched together; the tenant's column comes first and is not named.

    Attributes:
        only_deleted: Whether it holds deleted rows alone.
    """

    name: str
    columns: tuple[str | SqlKey, ...]
    only_deleted: bool = False

    @property
    def holds_rank(self) -> bool:
        """Whether it holds the rank of an enum's value."""
        return any(isinstance(key, SqlKey) and key.is_rank for key in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose rows belong to tenants."""

    name: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    references: tuple[ForeignKey, ...] = ()
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def has(self, role: Role) -> bool:
        """Whether a column has that role."""
        return any(column.role is role for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTable:
    """Links between the rows of two tables.

    Attributes:
        field: Field of the owning entity that holds the other rows' ids: `label_ids`.
        own: Reference to the owning row.
        other: Reference to the other row.
        index: Index for the way back.
    """

    name: str
    field: str
    own: ForeignKey
    other: ForeignKey
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterTable:
    """The last number of a sequence.

    Attributes:
        field: Field that is numbered.
        within: Reference to the row that counts for itself; None for one counter a tenant.
    """

    name: str
    field: str
    within: ForeignKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """The words that the rows of a table are found by.

    Attributes:
        own: Reference to the row.
        fields: Columns whose words they are.
        index: Index from a word to its rows.
    """

    name: str
    own: ForeignKey
    fields: tuple[str, ...]
    index: Index
