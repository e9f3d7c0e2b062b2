"""How tests call operations, and what must follow."""

import re
from collections.abc import Iterator
from typing import Final

from tospec.ir.cases import Given, Operation, Reference, Refusal, Value
from tospec.ir.names import EntityNames
from tospec.lowering.cases.announcements import events_of
from tospec.lowering.cases.conditions import (
    Conditions,
    blind,
    conditions_of,
    hiding,
    refusal,
    roles_of,
    success,
    unseen_by_its_maker,
)
from tospec.lowering.cases.factories import hidden_row
from tospec.lowering.cases.givens import given, variable
from tospec.lowering.cases.permissions import cells_of
from tospec.lowering.cases.plans import ORDINARY, Plan
from tospec.lowering.cases.rows import Someone
from tospec.lowering.cases.search import find, names_in
from tospec.lowering.cases.truth import all_of, holds
from tospec.lowering.cases.uniques import most_rows, unique_fields, unique_value
from tospec.lowering.cases.values import another, choices, example, wire
from tospec.lowering.naming import (
    entity_names,
    link_columns,
    link_field,
    reference_column,
    singular,
)
from tospec.model import Entity, Field, FieldType, Kind, Relation, System
from tospec.model import Operation as Spec
from tospec.python import Code, fill, snake

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_BY: Final = Code("by")
_QUERIES: Final = frozenset(kind for kind in Kind if kind.is_query)
_USER: Final = "User"
_EASY: Final = (FieldType.STRING, FieldType.TEXT, FieldType.INT, FieldType.BOOL, FieldType.ENUM)


def operation_of(system: System, entity: Entity, operation: Spec) -> Operation:
    """Return how tests call an operation."""
    conditions = conditions_of(system, entity, operation)
    plan, served = success(conditions)
    whole = conditions.base.joined(plan)
    roles = roles_of(system, operation)
    listed = _listed(conditions, roles if operation.kind is Kind.LIST else served)
    shown = plan if listed is None else listed
    hidden, unseeing = _hidden(system, entity, operation, shown, served)
    body = _body(entity, operation)
    path = _path(entity, operation)
    changes = operation.kind not in _QUERIES
    versioned = entity.optimistic and changes and operation.kind is not Kind.CREATE
    above = _above(entity, operation)
    return Operation(
        name=operation.name,
        function=snake(operation.name),
        kind=operation.kind.value,
        method=operation.method.upper(),
        path=path,
        success=_success(operation),
        requirements=operation.requirements,
        roles=roles,
        served=served,
        given=_given(system, entity, whole),
        above=(above.name, entity_names(above.to)) if above else None,
        parameters=tuple(_PARAMETER.findall(path)),
        other=_other(entity, operation),
        links=_linked(entity, operation),
        body=body,
        creates=operation.kind is Kind.CREATE,
        uploads=operation.upload,
        versioned=entity.optimistic,
        conditional=versioned,
        demands_condition=versioned and operation.kind is Kind.UPDATE,
        row=None if listed is None else _given(system, entity, listed),
        most_rows=most_rows(system, entity),
        hidden=hidden,
        blind=unseeing,
        references=tuple(_references(system, entity, operation)),
        audit=_audit(entity, operation) if entity.audit and changes else None,
        events=events_of(system, entity, operation, plan, body) if changes else (),
        refusals=tuple(_refusals(conditions, plan, served)),
        cells=() if operation.kind is Kind.DELETED else cells_of(conditions, plan),
    )


def _path(entity: Entity, operation: Spec) -> str:
    path = _PARAMETER.sub(lambda found: f"{{{found[1]}_id}}", operation.path)
    relation = _relation_of(entity, operation)
    if relation is None:
        return path
    _, other = link_columns(entity.name, relation.name, relation.to)
    return f"{path[: path.rindex('{')]}{{{other}}}"


def is_own_list(operation: Spec) -> bool:
    """Whether a list is the entity's own, not one of the spec's queries."""
    return operation.kind is Kind.LIST and operation.origin != "spec"


def _given(system: System, entity: Entity, plan: Plan) -> Given:
    row = Code(f"{variable(entity_names(entity.name).singular)}.id")
    return given(system, entity, plan, person=_BY, row=row)


def _success(operation: Spec) -> int:
    if operation.kind is Kind.CREATE:
        return 201
    return 200 if operation.view or operation.kind.is_query else 204


def _above(entity: Entity, operation: Spec) -> Relation | None:
    relation = entity.relation(entity.under) if entity.under else None
    below = operation.kind is Kind.CREATE or is_own_list(operation)
    return relation if below else None


def _relation_of(entity: Entity, operation: Spec) -> Relation | None:
    return entity.relation(operation.relation) if operation.relation else None


def _other(entity: Entity, operation: Spec) -> EntityNames | None:
    relation = _relation_of(entity, operation)
    return entity_names(relation.to) if relation and relation.to != _USER else None


def _linked(entity: Entity, operation: Spec) -> str | None:
    relation = _relation_of(entity, operation)
    return link_field(relation.name) if relation else None


def _body(entity: Entity, operation: Spec) -> tuple[Value, ...] | None:
    if operation.kind is Kind.UPDATE:
        return tuple(_change(entity))
    if not operation.input:
        return None
    needed = (each for each in operation.input if not each.optional and not each.has_default)
    return tuple(Value(name=each.name, code=wire(example(each))) for each in needed)


def _change(entity: Entity) -> Iterator[Value]:
    fields = [each for each in entity.fields if each.changeable and each.name != entity.state_field]
    for field in sorted(fields, key=_ease)[:1]:
        unique = field.name in unique_fields(entity)
        code = unique_value(field) if unique else wire(another(field, choices(entity, field)))
        yield Value(name=field.name, code=code)


def _ease(field: Field) -> int:
    return _EASY.index(field.type) if field.type in _EASY else len(_EASY)


def _listed(conditions: Conditions, roles: tuple[str, ...]) -> Plan | None:
    """Return a row that a list shows to people of all roles who look; None if there is none."""
    system, entity, operation = conditions.system, conditions.entity, conditions.operation
    if operation.kind not in {Kind.LIST, Kind.DELETED} or not roles:
        return None
    where = () if operation.where is None else (operation.where,)
    names = conditions.names | names_in(system, where)

    def shows(plan: Plan, role: str) -> bool:
        row, world = conditions.staged(plan, Someone(role))
        met = (holds(each, row, world) for each in where)
        return all_of((*conditions.asked(row, world), *met)) is True

    def accept(plan: Plan) -> bool:
        return all(shows(plan, role) for role in roles)

    return find(system, entity, names, accept)


def _hidden(
    system: System, entity: Entity, operation: Spec, shown: Plan, served: tuple[str, ...]
) -> tuple[Given | None, tuple[str, ...]]:
    above = _above(entity, operation)
    if not served or (operation.kind is Kind.CREATE and above is None):
        return None, ()
    target = system.entity(above.to) if above else entity
    base = ORDINARY if above else shown
    roles = served if operation.kind is Kind.DELETED else roles_of(system, operation)
    plan = hiding(system, target, base, served[0], roles)
    if plan is None:
        return None, ()
    hidden = base.joined(plan)
    unseeing = blind(system, target, hidden, served[0], roles)
    if operation.kind in {Kind.LIST, Kind.DELETED} and above is None:
        # Who looks at the list makes the row, so that nothing but the policy hides it.
        unseeing = unseen_by_its_maker(system, target, hidden, unseeing)
    whole = Plan(above=((above.name, plan),)) if above else plan
    return (_given(system, entity, whole), unseeing) if unseeing else (None, ())


def _references(system: System, entity: Entity, operation: Spec) -> Iterator[Reference]:
    for relation in entity.relations:
        sent = relation.changeable if operation.kind is Kind.UPDATE else relation.writable
        if operation.kind not in {Kind.CREATE, Kind.UPDATE} or not sent:
            continue
        if relation.name != entity.under:
            name = link_field if relation.many else reference_column
            other = None if relation.to == _USER else entity_names(relation.to)
            yield Reference(
                member=name(relation.name),
                names=other,
                many=relation.many,
                blind=_blind_to(system, relation, operation) if other else (),
            )


def _blind_to(system: System, relation: Relation, operation: Spec) -> tuple[str, ...]:
    target = system.entity(relation.to)
    plan = hidden_row(system, target)
    if plan is None:
        return ()
    return blind(system, target, plan, system.roles[0], roles_of(system, operation))


def _audit(entity: Entity, operation: Spec) -> str:
    name = entity_names(entity.name).singular
    match operation.kind:
        case Kind.TRANSITION:
            return f"{name}.{operation.transition}"
        case Kind.LINK | Kind.UNLINK:
            return f"{name}.{operation.kind.value}_{singular(operation.relation or '')}"
        case Kind.ACTION:
            return f"{name}.{snake(operation.name)}"
        case _:
            return f"{name}.{operation.kind.value}"


def _refusals(conditions: Conditions, plan: Plan, served: tuple[str, ...]) -> Iterator[Refusal]:
    told = set()
    for index, requirement in enumerate(conditions.required):
        found = refusal(conditions, plan, index, served[0]) if served else None
        if found is None or requirement.error in told:
            continue
        told.add(requirement.error)
        error = conditions.system.error(requirement.error)
        ids = (*conditions.operation.requirements, *error.requirements)
        yield Refusal(
            error=error.code,
            status=error.status,
            requirements=tuple(dict.fromkeys(ids)),
            given=_refused(conditions, found),
        )


def _refused(conditions: Conditions, plan: Plan) -> Given:
    names = entity_names(conditions.entity.name)
    row = fill('call.ids["{}"]', Code(f"{names.singular}_id"))
    return given(conditions.system, conditions.entity, plan, person=Code("me"), row=row)
