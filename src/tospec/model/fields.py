"""Fields of entities, of inputs and of settings."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tospec.source import Span


class FieldType(StrEnum):
    """What kind of value a field holds."""

    STRING = "string"
    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    UUID = "uuid"
    ENUM = "enum"
    EMAIL = "email"
    URL = "url"
    SLUG = "slug"
    JSON = "json"


class Generated(StrEnum):
    """What fills a value that no client writes."""

    ID = "id"
    NOW = "now"
    CHANGED = "changed"
    VERSION = "version"
    SEQUENCE = "sequence"
    PRINCIPAL = "principal"
    FILE = "file"


type Value = str | int | Decimal | bool | None
"""A constant of the spec: a default, or a value in a scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A scalar value of an entity, an input or a setting.

    Attributes:
        name: `snake_case` name, also the name on the wire and of the column.
        type: What kind of value it holds.
        optional: Whether it may be null.
        default: Value when a client leaves it out; None when there is no default.
        length: Least and greatest number of code points, for strings.
        range: Least and greatest value, for numbers; either end may be None.
        digits: Total digits and digits after the point, for decimals.
        pattern: Regular expression (Rust subset) that the whole string must match.
        values: The values of an enum, in order.
        unit: Unit of a number, for people.
        immutable: Set at creation, never changed.
        managed: Written by transitions and commands only, never by a client's create or update.
        generated: What fills it, when no client does.
        per: For a sequence: the relation within which numbers run.
        secret: Whether its value must never be shown or logged.
        description: One line for people.
        origin: `spec`, or the convention that added it.
    """

    name: str
    type: FieldType
    span: Span
    optional: bool = False
    default: Value = None
    has_default: bool = False
    length: tuple[int, int] | None = None
    range: tuple[Decimal | None, Decimal | None] | None = None
    digits: tuple[int, int] | None = None
    pattern: str | None = None
    values: tuple[str, ...] = ()
    unit: str = ""
    immutable: bool = False
    managed: bool = False
    generated: Generated | None = None
    per: str | None = None
    secret: bool = False
    description: str = ""
    origin: str = "spec"

    @property
    def writable(self) -> bool:
        """Whether a client may send it when it creates a row."""
        return not self.managed and self.generated is None

    @property
    def changeable(self) -> bool:
        """Whether a client may send it when it updates a row."""
        return self.writable and not self.immutable
