"""What answers show, and what updates change."""

from collections.abc import Iterator

from tospec.ir.case_tables import Changes, Shown
from tospec.ir.cases import Factory, Value
from tospec.lowering.cases.conditions import conditions_of, roles_of, success
from tospec.lowering.cases.inputs import sent_members
from tospec.lowering.cases.plans import Plan, Setting
from tospec.lowering.cases.values import wire
from tospec.lowering.members import member_of
from tospec.lowering.naming import link_field, reference_column
from tospec.model import Entity, Field, FieldType, Generated, Kind, Operation, System
from tospec.python import Code, literal


def shown_by(system: System, entity: Entity, operation: Operation, factory: Factory) -> Shown:
    """Return what the answer of an operation shows."""
    view = system.view(operation.view or "")
    members = (
        *(member_of(entity, name).name for name in view.fields),
        *(each.name for each in view.measures),
    )
    if operation.kind is not Kind.CREATE:
        return Shown(operation=operation.name, members=members)
    sent = factory.full.values if factory.full else ()
    return Shown(
        operation=operation.name,
        members=members,
        defaults=tuple(value for value in _defaults(entity) if value.name in members),
        sent=tuple(value.name for value in sent if value.name in members),
    )


def changes_of(system: System, entity: Entity, operation: Operation, factory: Factory) -> Changes:
    """Return what an update may change."""
    fields, relations = sent_members(entity, operation)
    full = {value.name for value in factory.full.values} if factory.full else set()
    view = system.view(operation.view or "")
    shown = {member_of(entity, name).name for name in view.fields}
    plan, _ = success(conditions_of(system, entity, operation))
    arranged = {setting.name for setting in plan.settings}
    names = [field.name for field in fields]
    # A person whom a row cannot be without is the same one in every row of a test.
    others = (r for r in relations if r.many or r.optional or not system.entity(r.to).built_in)
    names += [member_of(entity, relation.name).name for relation in others]
    nullable = (f.name for f in fields if f.optional and _may_be_null(system, entity, operation, f))
    optional = (reference_column(r.name) for r in relations if r.optional and not r.many)
    cleared = [name for name in (*nullable, *optional) if name in shown & full]
    return Changes(
        members=tuple(name for name in names if name in (full & shown) - arranged),
        nullable=tuple(cleared),
    )


def _may_be_null(system: System, entity: Entity, operation: Operation, field: Field) -> bool:
    conditions = conditions_of(system, entity, operation)
    plan = Plan(settings=(Setting(name=field.name, value=None, code=literal(None)),))
    roles = roles_of(system, operation)
    return bool(roles) and conditions.outcome(plan, roles[0]) is True


def _defaults(entity: Entity) -> Iterator[Value]:
    for field in entity.fields:
        code = _default(entity, field)
        if code is not None:
            yield Value(name=field.name, code=code)
    for relation in entity.relations:
        if relation.many:
            yield Value(name=link_field(relation.name), code=literal([]))
        elif relation.generated_by_principal:
            yield Value(name=reference_column(relation.name), code=Code("str(me.id)"))
        elif relation.optional:
            yield Value(name=reference_column(relation.name), code=literal(None))


def _default(entity: Entity, field: Field) -> Code | None:
    if field.generated is Generated.VERSION:
        return literal(1)
    if field.generated is not None:
        return None
    if entity.lifecycle is not None and field.name == entity.state_field:
        return literal(entity.lifecycle.initial)
    if field.has_default:
        told = field.type not in {FieldType.TIMESTAMP, FieldType.DURATION, FieldType.DECIMAL}
        return wire(field.default) if told else None
    return literal(None) if field.optional else None
