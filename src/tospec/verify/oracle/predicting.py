"""What must become of a step: the order of evaluation of the HTTP contract, over a world."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Kind, Moment, Operation, Requirement, System, Transition
from tospec.verify.oracle import effects, restoring
from tospec.verify.oracle.interpreter import Around, holds, sees
from tospec.verify.oracle.shapes import field_fault
from tospec.verify.oracle.steps import FRESH, PEOPLE, Prediction, Situation, Step, inputs_of
from tospec.verify.oracle.values import representative
from tospec.verify.oracle.wire import to_json
from tospec.verify.oracle.world import Key, Row, Somebody, Undetermined, World

MOMENTS: Final = {
    Kind.CREATE: Moment.CREATE,
    Kind.UPDATE: Moment.UPDATE,
    Kind.DELETE: Moment.DELETE,
    Kind.RESTORE: Moment.RESTORE,
    Kind.TRANSITION: Moment.TRANSITION,
    Kind.LINK: Moment.LINK,
    Kind.UNLINK: Moment.LINK,
}
_SENT: Final = frozenset({Kind.CREATE, Kind.UPDATE})
_JUDGED_AFTERWARDS: Final = frozenset({*_SENT, Kind.RESTORE})


def predict(world: World, step: Step) -> Prediction:
    """Return what must become of a step whose body is well-formed.

    Raises:
        Undetermined: If that depends on something unknown.
    """
    if not may_ask(world.system, step.by, step.operation):
        return Prediction(situation=Situation.NO_PERMISSION, world=world)
    step = _settled(world.system, step)
    restores = step.operation.kind is Kind.RESTORE
    situation = _access(restoring.as_seen(world, step) if restores else world, step)
    if situation is None and restores:
        situation = restoring.obstacle(world, step)
    if situation is not None:
        return Prediction(situation=situation, world=world)
    after = world if step.operation.kind is Kind.DELETE else effects.applied(world, step)
    if any(_assigned_wrongly(world, after, step)):
        return Prediction(situation=Situation.BAD_VALUE, world=world)
    broken, errors = _broken(world, after, step)
    if errors:
        return Prediction(situation=Situation.RULE, world=world, errors=errors, broken=broken)
    if step.operation.kind is Kind.DELETE and step.on is not None:
        removed = effects.removed(world, step.on)
        if removed is None:
            return Prediction(situation=Situation.REFERENCED, world=world)
        after = removed
    return Prediction(situation=Situation.DONE, world=after)


def _settled(system: System, step: Step) -> Step:
    """Return a step with something that stands for each value yet to be chosen by chance."""
    if FRESH not in step.body.values():
        return step
    entity, key = system.entity(step.operation.entity), step.makes or f"{step.on}*"
    fields = {each.name: each for each in (*entity.fields, *step.operation.input)}
    body = {
        name: representative(entity, fields[name], key) if value is FRESH else value
        for name, value in step.body.items()
    }
    return replace(step, body=body)


def may_ask(system: System, who: Somebody, operation: Operation) -> bool:
    """Return whether somebody may ask for an operation at all."""
    held = operation.permission is None or who.role in system.permission(operation.permission).roles
    return held and who.role in system.roles


def roles_of(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the roles that may ask for an operation at all."""
    if operation.permission is None:
        return system.roles
    holders = system.permission(operation.permission).roles
    return tuple(role for role in system.roles if role in holders)


def transition_of(system: System, operation: Operation) -> Transition | None:
    """Return the transition that an operation makes."""
    lifecycle = system.entity(operation.entity).lifecycle
    if operation.transition is None or lifecycle is None:
        return None
    return next(each for each in lifecycle.transitions if each.name == operation.transition)


def requirements_of(system: System, operation: Operation) -> tuple[Requirement, ...]:
    """Return what must hold for an operation: rules of the entity, then its own."""
    entity = system.entity(operation.entity)
    moment = MOMENTS.get(operation.kind)
    rules = tuple(rule.requirement for rule in entity.rules if moment in rule.on)
    return (*rules, *own_requirements(system, operation))


def own_requirements(system: System, operation: Operation) -> tuple[Requirement, ...]:
    """Return the guards of an operation alone."""
    transition = transition_of(system, operation)
    guards = transition.require if transition else ()
    return (*guards, *(each for each in operation.require if each not in guards))


def _access(world: World, step: Step) -> Situation | None:
    named = [key for key in (step.on, step.other) if key is not None]
    if not all(_is_seen(world, step.by, key) for key in named):
        return Situation.HIDDEN
    if not _is_allowed(world, step):
        return Situation.FORBIDDEN
    if any(not _is_seen(world, step.by, key) for key in _references(world.system, step)):
        return Situation.BAD_REFERENCE
    return Situation.HIDDEN if _is_unlinked(step, world) else _move(world, step)


def _is_seen(world: World, who: Somebody, key: Key) -> bool:
    found = world.rows.get(key) or world.people.get(key)
    if isinstance(found, Row):
        return sees(found, Around(world=world, principal=who))
    return found is not None and found.tenant == who.tenant


def _is_allowed(world: World, step: Step) -> bool:
    entity = world.system.entity(step.operation.entity)
    policy = (
        entity.policy.of(step.operation.policy) if entity.policy and step.operation.policy else None
    )
    row = world.rows.get(step.on or "")
    if policy is None or row is None or row.entity != entity.name:
        return True
    return holds(policy, Around(world=world, row=row, principal=step.by))


def _references(system: System, step: Step) -> Iterator[Key]:
    entity = system.entity(step.operation.entity)
    if step.operation.kind not in _SENT:
        return
    for name, value in step.body.items():
        relation = entity.relation(name)
        if relation is not None and isinstance(value, tuple):
            yield from value
        elif relation is not None and isinstance(value, str):
            yield value


def _is_unlinked(step: Step, world: World) -> bool:
    if step.operation.kind is not Kind.UNLINK or step.on is None:
        return False
    return step.other not in world.rows[step.on].links.get(step.operation.relation or "", ())


def _move(world: World, step: Step) -> Situation | None:
    transition = transition_of(world.system, step.operation)
    if transition is None or step.on is None:
        return None
    row = world.rows[step.on]
    field = world.entity_of(row).state_field or ""
    if field not in row.values:
        raise Undetermined("state")
    return None if row.values[field] in transition.sources else Situation.BAD_MOVE


def _assigned_wrongly(world: World, after: World, step: Step) -> Iterator[str]:
    """Yield in which way an operation would give fields values that they cannot hold."""
    row = after.rows.get(step.on or "")
    for each in effects.assignments_of(world.system, step) if row else ():
        entity = world.system.entity(step.operation.entity)
        field = entity.field(each.target)
        if row and field and each.target in row.values:
            yield field_fault(entity, field, to_json(row.values[each.target]))


def _broken(
    world: World, after: World, step: Step
) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """Return the requirements that do not hold, and the error cases that tell of what is wrong."""
    judged = after if step.operation.kind in _JUDGED_AFTERWARDS else world
    key = step.makes if step.operation.kind is Kind.CREATE else step.on
    row = judged.rows.get(key or "")
    inputs = {} if step.operation.kind in _JUDGED_AFTERWARDS else inputs_of(step)
    around = Around(world=judged, row=row, principal=step.by, inputs=inputs)
    required = requirements_of(world.system, step.operation)
    broken = tuple(each for each in required if not holds(each.that, around))
    nested = _nested_wrongly(judged, row) if step.operation.kind in _JUDGED_AFTERWARDS else ()
    return broken, tuple(dict.fromkeys((*(each.error for each in broken), *nested)))


def _nested_wrongly(world: World, row: Row | None) -> tuple[str, ...]:
    if row is None or row.entity == PEOPLE:
        return ()
    entity = world.entity_of(row)
    return tuple(
        relation.tree.error
        for relation in entity.relations
        if relation.tree and _levels(world, entity, relation.name, row) > relation.tree.max_depth
    )


def _levels(world: World, entity: Entity, relation: str, row: Row) -> int:
    """Return how many rows stand one below another through a row; many in a circle."""
    above, at = [row.key], row.refs.get(relation)
    while at is not None:
        if at in above:
            return len(world.rows) + 1_000
        above.append(at)
        at = world.rows[at].refs.get(relation)
    return len(above) + _below(world, entity, relation, row.key)


def _below(world: World, entity: Entity, relation: str, key: Key) -> int:
    children = [r.key for r in world.rows.values() if _hangs(r, entity, relation, key)]
    return max((1 + _below(world, entity, relation, each) for each in children), default=0)


def _hangs(row: Row, entity: Entity, relation: str, key: Key) -> bool:
    return row.entity == entity.name and row.refs.get(relation) == key
