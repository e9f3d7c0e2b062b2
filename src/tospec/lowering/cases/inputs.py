"""What clients may send, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.ir.case_tables import Inputs, Sent
from tospec.lowering.cases.conditions import Conditions, conditions_of, roles_of, success
from tospec.lowering.cases.factories import sendable
from tospec.lowering.cases.plans import Plan, Setting
from tospec.lowering.cases.rows import typed
from tospec.lowering.cases.values import beyond, choices, edges, wire
from tospec.lowering.members import MAX_LINKS, member_of
from tospec.lowering.naming import link_field, reference_column
from tospec.model import Entity, Field, Kind, Operation, Relation, System
from tospec.python import Code, fill, literal, symbol

_NO_ID = ("nonsense", 5)
_FOREIGN = ("tenant_id", "nonsense", "__proto__", "Id")


def inputs_of(system: System, entity: Entity, operation: Operation) -> Inputs | None:
    """Return what is accepted and refused in the body of an operation; None without JSON."""
    match operation.kind:
        case Kind.CREATE if operation.upload:
            return None
        case Kind.CREATE | Kind.UPDATE:
            return _of_row(system, entity, operation)
        case _ if operation.input:
            return _of_input(system, entity, operation)
        case _:
            return None


def _of_row(system: System, entity: Entity, operation: Operation) -> Inputs:
    fields, relations = sent_members(entity, operation)
    names = {*(f.name for f in fields), *map(_wire_name, relations)}
    shown = _shown(system, operation)
    creates = operation.kind is Kind.CREATE
    return Inputs(
        operation=operation.name,
        accepted=tuple(_accepted(system, entity, operation, fields)),
        refused=(
            *(Sent(member=f.name, value=wire(v)) for f in fields for v in beyond(f)),
            *(sent for relation in relations for sent in _refused_ids(relation)),
        ),
        required=tuple(_required(fields, relations)) if creates else (),
        unknown=tuple(name for name in _unknown(entity) if name not in names),
        shown=tuple(name for name in (f.name for f in fields) if name in shown),
    )


def sent_members(
    entity: Entity, operation: Operation
) -> tuple[tuple[Field, ...], tuple[Relation, ...]]:
    """Return the fields and relations in the body of a creation or an update."""
    updates = operation.kind is Kind.UPDATE
    fields = (f for f in entity.fields if sendable(entity, f))
    relations = (r for r in entity.relations if r.writable and r.name != entity.under)
    return (
        tuple(f for f in fields if f.changeable or not updates),
        tuple(r for r in relations if r.changeable or not updates),
    )


def _of_input(system: System, entity: Entity, operation: Operation) -> Inputs:
    fields = operation.input
    conditions = conditions_of(system, entity, operation)
    return Inputs(
        operation=operation.name,
        accepted=tuple(
            Sent(member=field.name, value=wire(value))
            for field in fields
            for value in edges(field)
            if _is_obeyed(conditions, field, value)
        ),
        refused=tuple(Sent(member=f.name, value=wire(v)) for f in fields for v in beyond(f)),
        required=tuple(_required(fields, ())),
        unknown=(*_FOREIGN, "id"),
        shown=(),
    )


def _is_obeyed(conditions: Conditions, field: Field, value: object) -> bool:
    """Whether the rules let an input pass on a row with which the operation succeeds."""
    plan, served = success(conditions)
    known = typed(field.type, None if isinstance(value, Code) else value)
    inputs = (*conditions.inputs, (field.name, known))
    return bool(served) and replace(conditions, inputs=inputs).outcome(plan, served[0]) is True


def _accepted(
    system: System, entity: Entity, operation: Operation, fields: tuple[Field, ...]
) -> Iterator[Sent]:
    conditions = conditions_of(system, entity, operation)
    roles = roles_of(system, operation)
    for field in fields:
        values = edges(field, choices(entity, field))
        for value in (*values, None) if field.optional else values:
            known = typed(field.type, None if isinstance(value, Code) else value)
            setting = Setting(name=field.name, value=known, code=wire(value))
            plan = Plan(settings=(setting,))
            if roles and conditions.outcome(plan, roles[0]) is True:
                yield Sent(member=field.name, value=wire(value))


def _refused_ids(relation: Relation) -> Iterator[Sent]:
    name = _wire_name(relation)
    if not relation.many:
        wrong = _NO_ID if relation.optional else (*_NO_ID, None)
        yield from (Sent(member=name, value=literal(value)) for value in wrong)
        return
    uuid = symbol("uuid", "UUID")
    some = fill(
        "[str({}(int=n)) for n in range({})]", uuid, literal((relation.max or MAX_LINKS) + 1)
    )
    twice = fill("[str({}(int=1))] * 2", uuid)
    for value in (literal("nonsense"), literal(["nonsense"]), literal(None), some, twice):
        yield Sent(member=name, value=value)


def _required(fields: tuple[Field, ...], relations: tuple[Relation, ...]) -> Iterator[str]:
    for field in fields:
        if not field.optional and not field.has_default:
            yield field.name
    for relation in relations:
        if not relation.many and not relation.optional:
            yield _wire_name(relation)


def _unknown(entity: Entity) -> Iterator[str]:
    yield from _FOREIGN
    yield from (field.name for field in entity.fields)
    yield from map(_wire_name, entity.relations)
    yield from (computed.name for computed in entity.computed)


def _wire_name(relation: Relation) -> str:
    name = link_field if relation.many else reference_column
    return name(relation.name)


def _shown(system: System, operation: Operation) -> frozenset[str]:
    if operation.view is None:
        return frozenset()
    view = system.view(operation.view)
    entity = system.entity(view.of)
    return frozenset(member_of(entity, name).name for name in view.fields)
