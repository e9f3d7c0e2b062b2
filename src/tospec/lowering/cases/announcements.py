"""Which events a call of an operation announces."""

from tospec.ir.cases import Value
from tospec.lowering.cases.conditions import transition_of
from tospec.lowering.cases.plans import Plan
from tospec.model import Emission, Emit, Entity, Kind, Moment, Operation, System

_MOMENTS = {
    Kind.CREATE: Moment.CREATE,
    Kind.UPDATE: Moment.UPDATE,
    Kind.DELETE: Moment.DELETE,
    Kind.RESTORE: Moment.RESTORE,
    Kind.TRANSITION: Moment.TRANSITION,
    Kind.LINK: Moment.LINK,
    Kind.UNLINK: Moment.LINK,
}


def events_of(
    system: System,
    entity: Entity,
    operation: Operation,
    plan: Plan,
    body: tuple[Value, ...] | None,
) -> tuple[str, ...] | None:
    """Return the types of the events, sorted; None when that cannot be told."""
    found: list[str] = []
    moment = _MOMENTS.get(operation.kind)
    for emission in entity.emits:
        if moment in emission.on:
            times = _times(entity, operation, emission, body)
            if times is None:
                return None
            found += [emission.event] * times
    transition = transition_of(entity, operation)
    found += transition.emits if transition else ()
    found += [step.event for step in operation.steps if isinstance(step, Emit)]
    return tuple(sorted(found))


def _times(
    entity: Entity, operation: Operation, emission: Emission, body: tuple[Value, ...] | None
) -> int | None:
    if emission.for_each is not None:
        # No example text mentions anybody, and a new row has no others linked to it.
        return 0 if operation.kind is Kind.CREATE else None
    if emission.changed is None:
        return 1
    if operation.kind is Kind.CREATE:
        return int(_is_sent(entity, emission.changed))
    return int(any(value.name == emission.changed for value in body or ()))


def _is_sent(entity: Entity, name: str) -> bool:
    """Whether a row has a member, though a client sends no more than it must."""
    field, relation = entity.field(name), entity.relation(name)
    if field is not None:
        return field.has_default or not field.optional
    return relation is not None and not relation.optional
