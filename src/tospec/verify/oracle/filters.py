"""What lists can be narrowed by: parameters of convention rest-1, and which rows pass them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import ge, le, lt
from typing import Any, Final

from tospec.model import Entity, FieldType
from tospec.verify.oracle.naming import singular
from tospec.verify.oracle.wire import state_or_type, type_of


class How(StrEnum):
    """How a parameter is compared with a row."""

    EQUAL = "equal"
    AMONG = "among"
    LINKED = "linked"
    FROM = "from"
    BEFORE = "before"
    MOST = "max"


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of a list: its name, the member of the entity that it is about, and how."""

    name: str
    member: str
    how: How
    type: FieldType

    def passes(self, value: Any, asked: Any) -> bool:
        """Return whether a row with that value of the member passes."""
        match self.how:
            case How.LINKED:
                return asked in value
            case How.EQUAL | How.AMONG:
                return bool(value == asked)
        return value is not None and _ORDERS[self.how](value, asked)


_ORDERS: Final = {How.FROM: ge, How.BEFORE: lt, How.MOST: le}
_TIMED: Final = frozenset({FieldType.TIMESTAMP, FieldType.DATE})
_RANGED: Final = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.DURATION})


def filters_of(entity: Entity) -> Iterator[Filter]:
    """Yield the parameters by which the lists of an entity can be narrowed."""
    for name in entity.listing.filter:
        yield from parameters_of(entity, name)


def parameters_of(entity: Entity, name: str) -> Iterator[Filter]:
    """Yield the parameters by which a list is narrowed by a member, if it can be at all."""
    relation = entity.relation(name)
    if relation is None:
        yield from _of_value(name, _type(entity, name))
    elif relation.many:
        yield Filter(f"{singular(name)}_id", name, How.LINKED, FieldType.UUID)
    else:
        yield Filter(f"{name}_id", name, How.EQUAL, FieldType.UUID)


def _type(entity: Entity, name: str) -> FieldType:
    field = entity.field(name)
    if field is not None:
        return state_or_type(entity, field)
    return next(type_of(c.value.tree.type) for c in entity.computed if c.name == name)


def _of_value(name: str, type_: FieldType) -> Iterator[Filter]:
    if type_ in _TIMED:
        yield Filter(f"{name}_from", name, How.FROM, type_)
        yield Filter(f"{name}_before", name, How.BEFORE, type_)
    elif type_ in _RANGED:
        yield Filter(f"{name}_min", name, How.FROM, type_)
        yield Filter(f"{name}_max", name, How.MOST, type_)
    else:
        how = How.AMONG if type_ is FieldType.ENUM else How.EQUAL
        yield Filter(name, name, how, type_)
