"""Whose a row is: the relations to people that policies ask about."""

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.oracle.reading import Place, reads_of
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.oracle.world import Somebody


def owners(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the relations to people that decide about an operation on a row."""
    entity = system.entity(operation.entity)
    if entity.policy is None or operation.kind in {Kind.CREATE, Kind.LIST}:
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
