"""Types of expressions."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What kind of value an expression has."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    STRING = "string"
    UUID = "uuid"
    TIMESTAMP = "timestamp"
    DATE = "date"
    DURATION = "duration"
    ENUM = "enum"
    LIST = "list"
    ENTITY = "entity"
    MANY = "many"
    PRINCIPAL = "principal"
    RECORD = "record"
    JSON = "json"
    NULL = "null"
    UNKNOWN = "unknown"


INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression.

    Attributes:
        kind: What kind of value it is.
        name: Name of the enum, entity, principal's entity or record. For a uuid, the entity whose
            id it is; empty when it may be the id of anything.
        nullable: Whether it may be null.
        values: The values of an enum, in order.
        item: Type of the items of a list.
        minimum: Least value of an int; no part of the type's identity.
        maximum: Greatest value of an int; no part of the type's identity.
        digits: For a decimal, all digits and those after the point; no part of its identity.
    """

    kind: Kind
    name: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    item: "Type | None" = None
    minimum: int = field(default=INT64_MIN, compare=False)
    maximum: int = field(default=INT64_MAX, compare=False)
    digits: tuple[int, int] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        article = _described(self)
        return f"optional {article}" if self.nullable else article

    def optional(self) -> "Type":
        """Return the same type with null."""
        return replace(self, nullable=True)

    def required(self) -> "Type":
        """Return the same type without null."""
        return replace(self, nullable=False)


def _described(type_: Type) -> str:
    match type_.kind:
        case Kind.LIST:
            return f"list of {type_.item}"
        case Kind.MANY:
            return f"many {type_.name}"
        case Kind.ENTITY | Kind.RECORD:
            return type_.name
        case Kind.UUID:
            return f"id of {type_.name}" if type_.name else "uuid"
        case Kind.ENUM:
            return f"enum {type_.name}".rstrip()
        case _:
            return type_.kind.value


BOOL: Final = Type(Kind.BOOL)
INT: Final = Type(Kind.INT)
DECIMAL: Final = Type(Kind.DECIMAL)
STRING: Final = Type(Kind.STRING)
TIMESTAMP: Final = Type(Kind.TIMESTAMP)
DATE: Final = Type(Kind.DATE)
DURATION: Final = Type(Kind.DURATION)
JSON: Final = Type(Kind.JSON)
NULL: Final = Type(Kind.NULL, nullable=True)
UNKNOWN: Final = Type(Kind.UNKNOWN)

ORDERED: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.TIMESTAMP, Kind.DATE, Kind.DURATION})
"""Kinds that `<` works on; not text, whose order depends on the database's collation."""

NUMBERS: Final = frozenset({Kind.INT, Kind.DECIMAL})


def int_between(minimum: int | None, maximum: int | None) -> Type:
    """Return the type of ints within bounds; None stands for the limit of 64 bits."""
    low = INT64_MIN if minimum is None else max(minimum, INT64_MIN)
    high = INT64_MAX if maximum is None else min(maximum, INT64_MAX)
    return Type(Kind.INT, minimum=low, maximum=high)


def decimal(precision: int, scale: int) -> Type:
    """Return the type of decimals with that many digits, `scale` of them after the point."""
    return Type(Kind.DECIMAL, digits=(precision, scale))


def enum(name: str, values: tuple[str, ...]) -> Type:
    """Return the type of an enum's values."""
    return Type(Kind.ENUM, name, values=values)


def list_of(item: Type) -> Type:
    """Return the type of lists of `item`."""
    return Type(Kind.LIST, item=item)


def uuid(entity_name: str = "") -> Type:
    """Return the type of ids of an entity's rows, or of any uuid."""
    return Type(Kind.UUID, entity_name)


def entity(name: str) -> Type:
    """Return the type of one row of an entity."""
    return Type(Kind.ENTITY, name)


def many(name: str) -> Type:
    """Return the type of a relation to many rows of an entity."""
    return Type(Kind.MANY, name)


def principal(entity_name: str = "") -> Type:
    """Return the type of who is asking; `entity_name` is the entity that stores principals."""
    return Type(Kind.PRINCIPAL, entity_name)


def record(name: str) -> Type:
    """Return the type of a record, such as a command's input."""
    return Type(Kind.RECORD, name)


def comparable(left: Type, right: Type) -> bool:
    """Return whether `==` between the two types makes sense."""
    kinds = {left.kind, right.kind}
    if kinds & {Kind.UNKNOWN, Kind.NULL} or kinds == NUMBERS:
        return True
    if left.kind != right.kind:
        return False
    if left.kind is Kind.UUID:
        return left.name == right.name or not (left.name and right.name)
    if left.kind is Kind.ENUM:
        return left.name == right.name and left.values == right.values
    return left.kind not in {Kind.LIST, Kind.MANY, Kind.RECORD, Kind.JSON}


def assignable(actual: Type, expected: Type) -> bool:
    """Return whether a value of type `actual` may stand where `expected` is wanted."""
    if Kind.UNKNOWN in (actual.kind, expected.kind):
        return True
    if actual.nullable and not expected.nullable:
        return False
    if actual.kind is Kind.NULL or actual.required() == expected.required():
        return True
    if (actual.kind, expected.kind) == (Kind.INT, Kind.DECIMAL):
        return True
    return actual.kind == expected.kind and comparable(actual, expected)


def joined(left: Type, right: Type) -> Type | None:
    """Return the type of a value that has either type; None when there is none."""
    empty = {Kind.UNKNOWN, Kind.NULL}
    if left.kind in empty or right.kind in empty:
        known = right if left.kind in empty and right.kind is not Kind.UNKNOWN else left
        return replace(known, nullable=left.nullable or right.nullable)
    if not comparable(left, right):
        return None
    wider = right if right.kind is Kind.DECIMAL else left
    return replace(
        wider,
        nullable=left.nullable or right.nullable,
        name=left.name if left.name == right.name else "",
        minimum=min(left.minimum, right.minimum),
        maximum=max(left.maximum, right.maximum),
        digits=left.digits if left.digits == right.digits else None,
    )
