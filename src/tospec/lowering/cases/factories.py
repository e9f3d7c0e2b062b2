"""How the rows of an entity are made for tests."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.cases import Factory, Given, Made, Value
from tospec.ir.names import EntityNames
from tospec.lowering.cases.conditions import (
    Conditions,
    conditions_of,
    hiding,
    roles_of,
)
from tospec.lowering.cases.givens import given, variable
from tospec.lowering.cases.plans import ORDINARY, Plan, Setting
from tospec.lowering.cases.rows import typed
from tospec.lowering.cases.search import shared_relations
from tospec.lowering.cases.uniques import unique_fields, unique_value
from tospec.lowering.cases.values import another, choices, example, stored, wire
from tospec.lowering.naming import entity_names, link_field, reference_column, singular
from tospec.model import Entity, Field, FieldType, Kind, Relation, System
from tospec.python import Code, fill

_NOT_STORED: Final = frozenset(
    (FieldType.DATE, FieldType.TIMESTAMP, FieldType.DURATION, FieldType.UUID, FieldType.JSON)
)
_OWN = Code("by.id")


def factory_of(system: System, entity: Entity) -> Factory:
    """Return how rows of an entity are made."""
    names = entity_names(entity.name)
    creates = any(each.kind is Kind.CREATE for each in system.operations_of(entity.name))
    return Factory(
        names=names,
        repository=f"{names.type}Repository",
        values=tuple(_row_values(system, entity)),
        parents=tuple(_parents(system, entity)),
        least=least(system, entity) if creates else None,
        full=full(system, entity) if creates or _updates(system, entity) else None,
        hidden=_hidden(system, entity),
        kept=tuple(_kept(entity)),
    )


def hidden_row(system: System, entity: Entity) -> Plan | None:
    """Return how a row of the first role has to differ so that some other role does not see it."""
    return hiding(system, entity, ORDINARY, system.roles[0], system.roles)


def _hidden(system: System, entity: Entity) -> Given | None:
    plan = hidden_row(system, entity)
    if plan is None:
        return None
    return given(system, entity, plan, person=Code("by"), row=Code(""))


def _updates(system: System, entity: Entity) -> bool:
    return any(each.kind is Kind.UPDATE for each in system.operations_of(entity.name))


def least(system: System, entity: Entity) -> Given:
    """Return the body of the least that creates a row."""
    values = [
        Value(name=field.name, code=_sent(entity, field, example(field, choices(entity, field))))
        for field in entity.fields
        if sendable(entity, field) and not field.optional and not field.has_default
    ]
    before: list[Made] = []
    for relation in required(entity):
        if relation.name != entity.under:
            values.append(_reference(system, relation, before, ()))
    return Given(before=tuple(before), values=tuple(values))


def full(system: System, entity: Entity) -> Given:
    """Return a body with every member that no rule forbids; no value is the default."""
    plan = _allowed(system, entity)
    values: list[Value] = []
    before: list[Made] = []
    settings = {setting.name: setting for setting in plan.settings}
    for field in entity.fields:
        if field.name in settings:
            value = another(field, choices(entity, field))
            values.append(Value(name=field.name, code=_sent(entity, field, value)))
    above = dict(plan.above)
    # What others share is made first.
    for relation in sorted(entity.relations, key=lambda each: not _is_required(each)):
        if relation.many and relation.name in plan.links:
            values.append(_links(system, relation, before))
        elif relation.name in settings or (relation.writable and _is_required(relation)):
            if relation.name != entity.under:
                values.append(_reference(system, relation, before, ()))
        elif relation.name in above:
            values.append(_reference(system, relation, before, above[relation.name].shared))
    return Given(before=tuple(before), values=tuple(values))


def sendable(entity: Entity, field: Field) -> bool:
    """Whether a client sends a field to create a row."""
    return field.writable and field.name != entity.state_field


def required(entity: Entity) -> Iterator[Relation]:
    """Yield the relations to one that a row cannot be without and that a client fills."""
    for relation in entity.relations:
        if _is_required(relation) and relation.writable:
            yield relation


def _is_required(relation: Relation) -> bool:
    return not relation.many and not relation.optional and not relation.generated_by_principal


def _allowed(system: System, entity: Entity) -> Plan:
    """Return what may be special about a row, all at once, without breaking a rule."""
    operations = system.operations_of(entity.name)
    wanted = (Kind.CREATE, Kind.UPDATE)
    found = [conditions_of(system, entity, each) for each in operations if each.kind in wanted]
    plan = ORDINARY
    for options in _extras(system, entity):
        for option in options:
            whole = plan.joined(option)
            if _is_needed(entity, option) or all(_accepted(each, whole) for each in found):
                plan = plan.joined(option)
                break
    return plan


def _is_needed(entity: Entity, plan: Plan) -> bool:
    fields = (entity.field(setting.name) for setting in plan.settings)
    return any(each and not each.optional and not each.has_default for each in fields)


def _accepted(conditions: Conditions, plan: Plan) -> bool:
    roles = roles_of(conditions.system, conditions.operation)
    return not roles or conditions.obeyed(plan, roles[0]) is True


def _extras(system: System, entity: Entity) -> Iterator[list[Plan]]:
    for field in entity.fields:
        if sendable(entity, field):
            value = another(field, choices(entity, field))
            known = typed(field.type, value)
            setting = Setting(name=field.name, value=known, code=wire(value))
            yield [Plan(settings=(setting,))]
    for relation in entity.relations:
        if relation.writable and not _is_required(relation) and _is_below(system, entity, relation):
            yield _choices_of(system, entity, relation)


def _is_below(system: System, entity: Entity, relation: Relation) -> bool:
    """Whether the rows that a relation refers to can be made first: no factory needs itself."""
    order = [each.name for each in system.entities]
    if relation.to == entity.name or system.entity(relation.to).built_in:
        return True
    needed = _needed(system, relation.to)
    return entity.name not in needed and (
        relation.to in _needed(system, entity.name)
        or order.index(relation.to) < order.index(entity.name)
    )


def _needed(system: System, name: str) -> frozenset[str]:
    """Return the entities without whose rows there is no row of an entity."""
    found: set[str] = set()
    pending = [name]
    while pending:
        entity = system.entity(pending.pop())
        targets = {each.to for each in entity.relations if _is_required(each)} - found
        found |= targets
        pending += sorted(targets)
    return frozenset(found)


def _choices_of(system: System, entity: Entity, relation: Relation) -> list[Plan]:
    target = system.entity(relation.to)
    if relation.many:
        return [Plan(links=(relation.name,))]
    if target.built_in:
        return [Plan(settings=(Setting(name=relation.name, value=None, code=None),))]
    shared = tuple(shared_relations(entity, target))
    alone = Plan(above=((relation.name, ORDINARY),))
    return [alone, Plan(above=((relation.name, Plan(shared=shared)),))] if shared else [alone]


def _row_values(system: System, entity: Entity) -> Iterator[Value]:
    unique = unique_fields(entity)
    for field in entity.fields:
        if field.generated is not None or field.name == entity.state_field:
            continue
        if field.name in unique:
            yield Value(name=field.name, code=unique_value(field))
        elif field.has_default and field.type in _NOT_STORED:
            yield Value(name=field.name, code=stored(field, field.default))
        elif not field.has_default and not field.optional:
            value = example(field, choices(entity, field))
            yield Value(name=field.name, code=stored(field, value))
    for relation in entity.relations:
        is_person = system.entity(relation.to).built_in and _is_required(relation)
        if relation.generated_by_principal or is_person:
            yield Value(name=reference_column(relation.name), code=_OWN)


def _parents(system: System, entity: Entity) -> Iterator[tuple[str, EntityNames]]:
    for relation in entity.relations:
        if _is_required(relation) and not system.entity(relation.to).built_in:
            yield reference_column(relation.name), entity_names(relation.to)


def _kept(entity: Entity) -> Iterator[Value]:
    """Yield what a row has in common with the full body because an update cannot change it."""
    uuid = Code("UUID")
    for relation in required(entity):
        if relation.immutable and relation.name != entity.under:
            name = reference_column(relation.name)
            yield Value(name=name, code=fill('{}(full["{}"])', uuid, Code(name)))


def _sent(entity: Entity, field: Field, value: object) -> Code:
    return unique_value(field) if field.name in unique_fields(entity) else wire(value)


def _reference(
    system: System, relation: Relation, before: list[Made], shared: tuple[str, ...]
) -> Value:
    name = reference_column(relation.name)
    target = system.entity(relation.to)
    if target.built_in:
        return Value(name=name, code=Code("str(by.id)"))
    values = tuple(
        Value(name=reference_column(each), code=Code(f"{variable(each)}.id")) for each in shared
    )
    other = variable(relation.name)
    before.append(Made(variable=other, names=entity_names(target.name), values=values))
    return Value(name=name, code=Code(f"str({other}.id)"))


def _links(system: System, relation: Relation, before: list[Made]) -> Value:
    name = link_field(relation.name)
    target = system.entity(relation.to)
    if target.built_in:
        return Value(name=name, code=Code("[str(by.id)]"))
    other = variable(singular(relation.name))
    before.append(Made(variable=other, names=entity_names(target.name)))
    return Value(name=name, code=Code(f"[str({other}.id)]"))
