"""Whose a row is: the relations to people that policies ask about."""

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place, reads_of
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.parts import operation_of


def owners(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the relations to people that decide about an operation on a row."""
    entity = system.entity(operation.entity)
    if entity.policy is None or operation.kind in {Kind.CREATE, Kind.LIST, Kind.DELETED}:
        return ()
    policy = entity.policy.of(operation.policy) if operation.policy else None
    asked = tuple(each for each in (policy, entity.policy.visible) if each is not None)
    names = {place[0] for place in reads_of(system, entity, asked).places if len(place) == 1}
    return tuple(r.name for r in entity.relations if r.name in names and r.to == PEOPLE)


def owned(
    entity: Entity, names: tuple[str, ...], related: tuple[str, ...], me: Somebody, other: Somebody
) -> dict[Place, object]:
    """Return whose a row is: in the named relations mine, in the others somebody else's."""
    chosen: dict[Place, object] = {}
    for name in related:
        relation = entity.relation(name)
        if relation is None:
            continue
        who = me if name in names else other
        if relation.many:
            chosen[(name,)] = (who,) if name in names else ()
        else:
            chosen[(name,)] = who
    return chosen


def possible(system: System, operation: Operation, role: str) -> tuple[str, ...]:
    """Return the relations in which somebody of a role can be to a row."""
    entity = system.entity(operation.entity)
    creating = operation_of(system, entity, Kind.CREATE)
    makes = creating is not None and role in roles_of(system, creating)
    related = (entity.relation(name) for name in owners(system, operation))
    return tuple(r.name for r in related if r and (makes or not r.generated_by_principal))


def beside(system: System, operation: Operation, role: str) -> tuple[str, ...]:
    """Return further relations to people, which decide nothing and might be taken for others."""
    entity = system.entity(operation.entity)
    policy = entity.policy.of(operation.policy) if entity.policy and operation.policy else None
    known, creating = owners(system, operation), operation_of(system, entity, Kind.CREATE)
    if policy is None or creating is None or operation.kind is Kind.DELETED:
        return ()
    may_make = role in roles_of(system, creating)
    single = (r for r in entity.relations if r.to == PEOPLE and not r.many and r.name not in known)
    return tuple(r.name for r in single if r.writable or (r.generated_by_principal and may_make))
