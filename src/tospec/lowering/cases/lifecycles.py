"""Every transition from every state, and what actions store."""

from collections.abc import Iterator

from tospec.expression import Call, Constant, Function, Path
from tospec.ir.case_tables import LifecycleCases, Move, Stored
from tospec.lowering.cases.conditions import conditions_of, success
from tospec.lowering.cases.plans import Plan, Setting
from tospec.lowering.cases.values import choices, example, stored, wire
from tospec.lowering.members import member_of
from tospec.model import Assignment, Entity, Kind, Operation, System, Update
from tospec.python import Code, literal


def lifecycle_of(system: System, entity: Entity) -> LifecycleCases | None:
    """Return every transition of an entity from every state; None without a lifecycle."""
    lifecycle = entity.lifecycle
    if lifecycle is None:
        return None
    operations = [o for o in system.operations_of(entity.name) if o.kind is Kind.TRANSITION]
    names = {operation.transition: operation.name for operation in operations}
    known = [each for each in lifecycle.transitions if each.name in names]
    return LifecycleCases(
        field=lifecycle.field,
        initial=lifecycle.initial,
        moves=tuple(move for each in operations for move in _moves(system, entity, each)),
        refused=tuple(
            (state, names[each.name])
            for state in lifecycle.states
            for each in known
            if state not in each.sources
        ),
        allowed=tuple(
            (state, tuple(sorted(t.name for t in lifecycle.transitions if state in t.sources)))
            for state in lifecycle.states
        ),
        stored=tuple(
            effect for operation in operations for effect in stored_by(system, entity, operation)
        ),
        requirements=_requirements(system, entity),
        raced=tuple(names[each.name] for each in known if each.target not in each.sources),
    )


def _requirements(system: System, entity: Entity) -> tuple[str, ...]:
    """Return what asks for the lifecycle: that of the entity, and that of its error cases."""
    transitions = entity.lifecycle.transitions if entity.lifecycle else ()
    guards = (guard.error for transition in transitions for guard in transition.require)
    ids = (each for code in guards for each in system.error(code).requirements)
    return tuple(sorted({*entity.requirements, *ids}))


def stored_by(system: System, entity: Entity, operation: Operation) -> Iterator[Stored]:
    """Yield what an operation stores and its answer shows."""
    if operation.view is None:
        return
    shown = system.view(operation.view).fields
    for assignment in _assignments(entity, operation):
        if assignment.target in shown:
            effect = _stored(entity, operation, assignment)
            if effect is not None:
                yield effect


def _moves(system: System, entity: Entity, operation: Operation) -> Iterator[Move]:
    conditions = conditions_of(system, entity, operation)
    plan, served = success(conditions)
    lifecycle = entity.lifecycle
    transition = next(
        t for t in (lifecycle.transitions if lifecycle else ()) if t.name == operation.transition
    )
    for state in transition.sources:
        setting = Setting(name=entity.state_field or "", value=state, code=literal(state))
        moved = plan.joined(Plan(settings=(setting,)))
        if served and conditions.outcome(moved, served[0]) is True:
            yield Move(state=state, operation=operation.name, target=transition.target)


def _assignments(entity: Entity, operation: Operation) -> Iterator[Assignment]:
    if entity.lifecycle is not None and operation.transition is not None:
        for transition in entity.lifecycle.transitions:
            if transition.name == operation.transition:
                yield from transition.set
    for step in operation.steps:
        if isinstance(step, Update):
            yield from step.set


def _stored(entity: Entity, operation: Operation, assignment: Assignment) -> Stored | None:
    member = member_of(entity, assignment.target).name
    match assignment.value.tree.root:
        case Constant(value=None):
            before = _something(entity, assignment.target)
            return Stored(
                operation=operation.name, member=member, value=literal(None), before=before
            )
        case Constant(value=value) if isinstance(value, str | int | bool):
            return Stored(operation=operation.name, member=member, value=literal(value))
        case Call(function=Function.NOW):
            return Stored(operation=operation.name, member=member, value=None)
        case Path() as path if path.root.name == "input" and len(path.steps) == 1:
            sent = next(each for each in operation.input if each.name == path.names[0])
            if sent.optional or sent.has_default:
                return None
            return Stored(operation=operation.name, member=member, value=wire(example(sent)))
        case _:
            return None


def _something(entity: Entity, name: str) -> Code | None:
    """Return a value of a field that is not null."""
    field = entity.field(name)
    return None if field is None else stored(field, example(field, choices(entity, field)))
