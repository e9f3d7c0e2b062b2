"""What can be chosen about a situation, so that a condition becomes true or false."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from tospec.model import Entity, Field, FieldType, Kind, Operation, Relation, System
from tospec.verify.oracle.reading import INPUT, Place, Reads, inverse_of, target_of
from tospec.verify.oracle.shapes import field_fault
from tospec.verify.oracle.steps import FRESH, PEOPLE, sent_fields, sent_relations
from tospec.verify.oracle.values import FUTURE, PAST, bounds, lengths
from tospec.verify.oracle.wire import state_or_type, to_json, values_of
from tospec.verify.oracle.world import Somebody

BODY = "@body"
"""Stands at the head of the place of a member of an update's body."""


class Other(Enum):
    """Rows that a relation can lead to."""

    NEW = "new"
    """A row made for it alone."""
    SAME = "same"
    """The row that another relation leads to."""
    NEAR = "near"
    """A row made for it that shares what it can with the row of the situation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who takes part: the one who acts, somebody else, and helpers, one a role."""

    me: Somebody
    other: Somebody
    helpers: tuple[Somebody, ...] = ()

    @property
    def everybody(self) -> tuple[Somebody, ...]:
        """All of them, once each."""
        return tuple(dict.fromkeys((self.me, self.other, *self.helpers)))


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to choose: a place and what can be there."""

    place: Place
    options: tuple[object, ...]


def dimensions(
    system: System, entity: Entity, operation: Operation, reads: Reads, cast: Cast
) -> tuple[Dimension, ...]:
    """Return what can be chosen about what conditions read."""
    chooser = _Chooser(system, entity, operation, cast)
    found = [each for place, met in reads.places.items() for each in chooser.at(place, met)]
    unique = {each.place: each for each in found if each.options}
    return tuple(unique.values())


@dataclass(frozen=True, slots=True)
class _Chooser:
    system: System
    entity: Entity
    operation: Operation
    cast: Cast

    def at(self, place: Place, met: list[object]) -> Iterator[Dimension]:
        if place[0] == INPUT:
            yield from self._input(place, met)
            return
        owner = self._owner(place)
        if owner is None or owner.name == PEOPLE:
            return
        options = tuple(self._options(owner, place[-1], met))
        is_own_state = len(place) == 1 and place[0] == owner.state_field
        if not is_own_state:
            yield Dimension(place, options)
        if len(place) == 1 and self.operation.kind is Kind.UPDATE and self._is_sent(place[0]):
            yield Dimension((BODY, *place), options)

    def _is_sent(self, name: str) -> bool:
        names = {each.name for each in sent_fields(self.entity, updates=True)}
        return name in names | {each.name for each in sent_relations(self.entity, updates=True)}

    def _owner(self, place: Place) -> Entity | None:
        owner: Entity | None = self.entity
        for name in place[:-1]:
            owner = target_of(self.system, owner, name) if owner else None
        return owner

    def _input(self, place: Place, met: list[object]) -> Iterator[Dimension]:
        field = next((f for f in self.operation.input if f.name == place[-1]), None)
        if field is not None:
            yield Dimension(place, tuple(values_around(self.entity, field, met)))

    def _options(self, owner: Entity, name: str, met: list[object]) -> Iterator[object]:
        field, relation = owner.field(name), owner.relation(name)
        if field is not None:
            yield from values_around(owner, field, met)
        elif relation is not None:
            yield from self._of_relation(relation)
        elif inverse_of(self.system, owner, name) is not None:
            yield from (0, 1, 2)

    def _of_relation(self, relation: Relation) -> Iterator[object]:
        is_person = relation.to == PEOPLE
        if relation.many:
            yield ()
            if is_person:
                yield from ((self.cast.me,), (self.cast.other,))
            else:
                yield from ((Other.NEW,), (Other.NEW, Other.NEW))
            return
        if is_person:
            yield from self.cast.everybody
        else:
            yield from (Other.NEW, Other.SAME)
        if relation.optional:
            yield None


def values_around(entity: Entity, field: Field, met: list[object]) -> Iterator[object]:
    """Yield values of a field that conditions with these constants tell apart."""
    kind = state_or_type(entity, field)
    found: list[object] = []
    match kind:
        case FieldType.BOOL:
            found = [False, True]
        case FieldType.ENUM:
            found = list(values_of(entity, field))
        case FieldType.INT | FieldType.DECIMAL:
            found = _numbers(field, met)
        case FieldType.TIMESTAMP:
            found = [FUTURE, PAST, *(near for c in met for near in _near(c))]
        case FieldType.DATE:
            found = [FUTURE.date(), PAST.date(), *(near for c in met for near in _near(c))]
        case FieldType.DURATION:
            found = [timedelta(minutes=15), *(near for c in met for near in _near(c))]
        case _:
            found = [FRESH, *(c for c in met if isinstance(c, str)), *_texts(field)]
    found = [each for each in found if each is FRESH or _fits(entity, field, each)]
    if field.optional:
        found.append(None)
    yield from dict.fromkeys(found)


def _fits(entity: Entity, field: Field, value: object) -> bool:
    return not field_fault(entity, field, to_json(value))


def _numbers(field: Field, met: list[object]) -> list[object]:
    low, high = bounds(field)
    near = [Decimal(n) + step for n in met if isinstance(n, (int, Decimal)) for step in (0, 1, -1)]
    start = max(low, Decimal(0))
    numbers = [*near, start, start + 1, start + 10, low, high]
    fitting = dict.fromkeys(number for number in numbers if low <= number <= high)
    return [int(number) if field.type is FieldType.INT else number for number in fitting]


def _near(constant: object) -> Iterator[object]:
    if isinstance(constant, datetime):
        yield from (constant + timedelta(seconds=step) for step in (0, 1, -1))
    elif isinstance(constant, date):
        yield from (constant + timedelta(days=step) for step in (0, 1, -1))
    elif isinstance(constant, timedelta):
        yield from (constant + timedelta(seconds=step) for step in (0, 1, -1))


def _texts(field: Field) -> Iterator[str]:
    least, most = lengths(field)
    if field.pattern is None and field.type in {FieldType.STRING, FieldType.TEXT}:
        yield from ("a" * max(least, 1), "b" * min(max(least, 40), most))
