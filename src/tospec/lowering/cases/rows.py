"""A small world of rows and people, in which conditions of a spec are true, false or unknown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tospec.lowering.cases.values import choices, example
from tospec.model import Entity, Field, FieldType, Generated, Relation, System

NOW: Final = datetime(2041, 1, 1, tzinfo=UTC)
"""When everything in the world happens."""


class Unknown:
    """A value that cannot be told beforehand."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True, eq=False)
class Someone:
    """A person.

    Attributes:
        role: Name of the role.
    """

    role: str


@dataclass(slots=True, eq=False)
class Row:
    """A row; what is not said about it is unknown.

    Attributes:
        fields: Values of its fields.
        refs: What its relations to one refer to.
        links: What its relations to many hold.
    """

    entity: Entity
    fields: dict[str, object] = field(default_factory=dict)
    refs: "dict[str, Row | Someone | None]" = field(default_factory=dict)
    links: "dict[str, tuple[Row | Someone, ...]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that a condition may ask about.

    Attributes:
        principal: Who asks.
        rows: Every row there is.
        inputs: What a command was sent.
        event: What an event carries that happened.
    """

    system: System
    principal: Someone
    rows: tuple[Row, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    event: Mapping[str, object] = field(default_factory=dict)

    def seen_by(self, principal: Someone) -> "World":
        """Return the same world with somebody else asking."""
        return replace(self, principal=principal)

    def told(self, event: Mapping[str, object]) -> "World":
        """Return the same world after an event that carries `event`."""
        return replace(self, event=event)

    def holding(self, *rows: Row) -> "World":
        """Return the same world with `rows` and all that they refer to."""
        found: dict[int, Row] = {}
        for row in rows:
            found.update((id(each), each) for each in reachable(row))
        return replace(self, rows=tuple(found.values()))


def reachable(row: Row) -> Iterator[Row]:
    """Yield a row and those that it refers to."""
    yield row
    others = (*row.refs.values(), *(each for many in row.links.values() for each in many))
    for other in others:
        if isinstance(other, Row):
            yield from reachable(other)


def new_row(system: System, entity: Entity, owner: Someone) -> Row:
    """Return a row as the factory of its entity makes it for `owner`, with what it needs."""
    row = Row(entity)
    for each in entity.fields:
        row.fields[each.name] = _initial(entity, each)
    for relation in entity.relations:
        if relation.many:
            row.links[relation.name] = ()
        else:
            row.refs[relation.name] = _referred(system, entity, relation, owner)
    return row


def _referred(
    system: System, entity: Entity, relation: Relation, owner: Someone
) -> Row | Someone | None:
    if relation.generated_by_principal:
        return owner
    if relation.optional:
        return None
    return related(system, relation, owner)


def related(system: System, relation: Relation, owner: Someone) -> Row | Someone:
    """Return something new that a relation may refer to."""
    target = system.entity(relation.to)
    return owner if target.built_in else new_row(system, target, owner)


def _initial(entity: Entity, of: Field) -> object:
    if of.generated in {Generated.ID, Generated.SEQUENCE, Generated.FILE}:
        return UNKNOWN
    if of.generated in {Generated.NOW, Generated.CHANGED}:
        return NOW
    if of.generated is Generated.VERSION:
        return 1
    if entity.lifecycle is not None and of.name == entity.lifecycle.field:
        return entity.lifecycle.initial
    if of.has_default:
        return of.default
    return None if of.optional else typed(of.type, example(of, choices(entity, of)))


def typed(kind: FieldType, value: object) -> object:
    """Return a JSON value as conditions compare it."""
    if kind in {FieldType.JSON, FieldType.UUID} and value is not None:
        return UNKNOWN
    read = _READERS.get(kind)
    return read(value) if read is not None and isinstance(value, str) else value


def _length(text: str) -> timedelta:
    return timedelta(days=int(text[1 : text.index("D")]))


_READERS: Final[Mapping[FieldType, Callable[[str], object]]] = {
    FieldType.TIMESTAMP: datetime.fromisoformat,
    FieldType.DATE: date.fromisoformat,
    FieldType.DECIMAL: Decimal,
    FieldType.DURATION: _length,
}
