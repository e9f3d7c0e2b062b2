"""What can be chosen about a row and those around it, whether or not any condition reads it."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Entity, Field, FieldType, Operation, Relation, System
from tospec.verify.oracle.choices import BODY, Cast, Dimension, dimensions
from tospec.verify.oracle.reading import Place, Reads
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.oracle.wire import state_or_type

_DEEPEST: Final = 3
_FEW: Final = 2
_TOLD_APART: Final = frozenset({FieldType.BOOL, FieldType.ENUM})


def surroundings(
    system: System, entity: Entity, operation: Operation, cast: Cast
) -> tuple[Dimension, ...]:
    """Return what can be chosen about the row of an operation, near and far."""
    reads = Reads()
    for place in _near(system, entity, (), (entity.name,)):
        reads.add(place)
    for place in _below(system, entity):
        reads.add(place)
    found = dimensions(system, entity, operation, reads, cast)
    return tuple(_narrowed(entity, each) for each in found)


def _narrowed(entity: Entity, dimension: Dimension) -> Dimension:
    """Return what can be chosen with few of many values; a missing one is among them."""
    own = [name for name in dimension.place if name != BODY]
    field = entity.field(own[0]) if len(own) == 1 else None
    if field is None or state_or_type(entity, field) in _TOLD_APART:
        return dimension
    few = dimension.options[:_FEW]
    missing = (None,) if None in dimension.options[_FEW:] else ()
    return Dimension(dimension.place, (*few, *missing))


def _near(
    system: System, entity: Entity, prefix: Place, passed: tuple[str, ...]
) -> Iterator[Place]:
    for field in entity.fields:
        if _tells(entity, field, is_own=not prefix):
            yield (*prefix, field.name)
    for relation in entity.relations:
        place = (*prefix, relation.name)
        yield place
        if relation.to in passed:
            yield from _beside(system, relation, place)
        elif not relation.many and relation.to != PEOPLE and len(place) < _DEEPEST:
            target = system.entity(relation.to)
            yield from _near(system, target, place, (*passed, target.name))


def _tells(entity: Entity, field: Field, *, is_own: bool) -> bool:
    """Return whether a field has values so few that each may matter."""
    if field.generated is not None or field.secret:
        return False
    if state_or_type(entity, field) in _TOLD_APART:
        return True
    return is_own and field.optional and field.writable


def _beside(system: System, relation: Relation, place: Place) -> Iterator[Place]:
    """Yield what another row of the same entity, or of one above, leads to in its turn."""
    target = system.entity(relation.to)
    if target.state_field is not None:
        yield (*place, target.state_field)
    for each in target.relations:
        if not each.many and not each.generated_by_principal and each.to != target.name:
            yield (*place, each.name)


def _below(system: System, entity: Entity) -> Iterator[Place]:
    for other in system.entities:
        for relation in other.relations:
            if relation.to == entity.name and relation.inverse and not relation.many:
                yield (relation.inverse,)
                if other.state_field is not None:
                    yield (relation.inverse, other.state_field)
