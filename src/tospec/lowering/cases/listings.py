"""What lists have to prove: filters, searches, sorts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tospec.expression import Kind as TypeKind
from tospec.ir.case_tables import FilterCase, ListCases
from tospec.ir.cases import Given, Made, Value
from tospec.lowering.cases.conditions import conditions_of, roles_of
from tospec.lowering.cases.givens import given, variable
from tospec.lowering.cases.plans import Plan
from tospec.lowering.cases.rows import Someone
from tospec.lowering.cases.search import find, names_in, visibility
from tospec.lowering.cases.truth import holds, visible
from tospec.lowering.cases.uniques import most_rows, unique_fields
from tospec.lowering.cases.values import (
    FUTURE,
    PAST,
    STRINGS,
    choices,
    examples,
    instant,
    lengths,
    stored,
    whole_range,
    wire,
)
from tospec.lowering.naming import entity_names, link_field, reference_column, singular
from tospec.lowering.schemas import DELETED_SORT
from tospec.model import (
    Computed,
    Entity,
    Expression,
    Field,
    FieldType,
    Generated,
    Kind,
    Operation,
    Relation,
    System,
)
from tospec.python import Code, fill, literal

_ME: Final = Code("me")
_ROWS: Final = 5
_NEEDLE: Final = "needle"
_MIDDLE: Final = datetime(2046, 1, 1, tzinfo=PAST.tzinfo)


def lists_of(system: System, entity: Entity) -> Iterator[ListCases]:
    """Yield what each list of an entity has to prove."""
    for operation in system.operations_of(entity.name):
        if operation.kind is Kind.DELETED:
            yield _of_deleted(operation)
        if operation.kind is not Kind.LIST or not roles_of(system, operation):
            continue
        own = operation.origin != "spec"
        found = _filters(system, entity, operation) if own else ()
        filters = tuple(each for each in found if len(each.wanted) < most_rows(system, entity))
        yield ListCases(
            operation=operation.name,
            sorts=tuple(_sorts(entity)),
            default_sort=(operation.sort if not own else None) or entity.listing.default_sort,
            spread=tuple(_spread(system, entity, operation)),
            filters=filters,
        )


def _of_deleted(operation: Operation) -> ListCases:
    return ListCases(
        operation=operation.name, sorts=(), default_sort=DELETED_SORT, spread=(), filters=()
    )


def _sorts(entity: Entity) -> Iterator[str]:
    for name in entity.listing.sort:
        yield name if entity.relation(name) is None else reference_column(name)


def _spread(system: System, entity: Entity, operation: Operation) -> Iterator[tuple[Value, ...]]:
    mentioned = names_in(system, (operation.where,)) if operation.where else frozenset()
    sorted_by = [entity.field(name) for name in entity.listing.sort]
    fields = [f for f in sorted_by if f is not None and f.name not in mentioned]
    for number in range(min(_ROWS, most_rows(system, entity))):
        values = ((f, _cycled(entity, f)) for f in fields)
        yield tuple(
            Value(name=field.name, code=cycle[number % len(cycle)])
            for field, cycle in values
            if cycle
        )


def _cycled(entity: Entity, field: Field) -> tuple[Code, ...]:
    """Return values that rows take in turn; () when ordinary rows differ anyway."""
    if field.generated is not None or field.name in unique_fields(entity):
        return ()
    values = choices(entity, field) if field.type is FieldType.ENUM else examples(field)
    found = tuple(stored(field, value) for value in values)
    # The rarer value comes first, so that no order is that in which the rows are made.
    return (*found[1:], found[0], *((literal(None),) if field.optional else ()))


def _filters(system: System, entity: Entity, operation: Operation) -> Iterator[FilterCase]:
    for name in entity.listing.filter:
        field, relation = entity.field(name), entity.relation(name)
        if relation is not None:
            yield _by_relation(system, relation)
        elif field is not None:
            yield from _by_field(entity, field)
        else:
            computed = next(each for each in entity.computed if each.name == name)
            yield from _by_computed(system, entity, operation, computed)
    yield from _searches(entity)


def _by_relation(system: System, relation: Relation) -> FilterCase:
    target = system.entity(relation.to)
    name = reference_column(singular(relation.name) if relation.many else relation.name)
    row = link_field(relation.name) if relation.many else name
    if target.built_in:
        before: tuple[Made, ...] = ()
        found = Code("me.id")
        others: tuple[Value, ...] = ()
        if not relation.many:
            others = (Value(name=row, code=Code("world.home.somebody.id")),)
    else:
        other = variable(singular(relation.name) if relation.many else relation.name)
        before = (Made(variable=other, names=entity_names(target.name)),)
        found, others = Code(f"{other}.id"), ()
    held = fill("[{}]", found) if relation.many else found
    return FilterCase(
        name=name,
        parameters=(Value(name=name, code=found),),
        wanted=(Given(before=before, values=(Value(name=row, code=held),)),),
        unwanted=Given(values=others),
    )


def _by_field(entity: Entity, field: Field) -> Iterator[FilterCase]:
    match field.type:
        case FieldType.ENUM:
            yield from _by_choice(entity, field)
        case FieldType.BOOL:
            yield from (_equal(field, literal(str(v).lower()), v, not v) for v in (True, False))
        case FieldType.TIMESTAMP:
            yield from _by_time(field)
        case FieldType.INT if field.generated is not Generated.SEQUENCE:
            yield from _by_number(field)
        case _ if field.type in STRINGS | {FieldType.UUID, FieldType.EMAIL, FieldType.SLUG}:
            first, *others = examples(field)
            if others and field.generated is None:
                yield _equal(field, wire(first), first, others[0])


def _by_choice(entity: Entity, field: Field) -> Iterator[FilterCase]:
    values = choices(entity, field)
    if len(values) > 1:
        yield _equal(field, literal(values[1]), values[1], values[0])
    if len(values) > 2:
        sent = Value(name=field.name, code=literal(list(values[1:3])))
        wanted = tuple(_row(field, value) for value in values[1:3])
        yield FilterCase(
            name=f"several_{field.name}",
            parameters=(sent,),
            wanted=wanted,
            unwanted=_row(field, values[0]),
        )


def _by_time(field: Field) -> Iterator[FilterCase]:
    middle = instant(_MIDDLE)
    for end, wanted, unwanted in (
        ("from", (_MIDDLE, FUTURE), PAST),
        ("before", (PAST,), _MIDDLE),
    ):
        yield FilterCase(
            name=f"{field.name}_{end}",
            parameters=(Value(name=f"{field.name}_{end}", code=literal(middle)),),
            wanted=tuple(_row(field, instant(each)) for each in wanted),
            unwanted=_row(field, instant(unwanted)),
        )


def _by_number(field: Field) -> Iterator[FilterCase]:
    low, high = whole_range(field)
    if low == high:
        return
    for end, wanted, unwanted in (("min", high, low), ("max", low, high)):
        yield FilterCase(
            name=f"{field.name}_{end}",
            parameters=(Value(name=f"{field.name}_{end}", code=literal(wanted)),),
            wanted=(_row(field, wanted),),
            unwanted=_row(field, unwanted),
        )


def _by_computed(
    system: System, entity: Entity, operation: Operation, computed: Computed
) -> Iterator[FilterCase]:
    if computed.value.tree.type.kind is not TypeKind.BOOL:
        return
    plans = [_with(system, entity, operation, computed.value, wanted) for wanted in (True, False)]
    if plans[0] is None or plans[1] is None:
        return
    true, false = (given(system, entity, p, person=_ME, row=Code("row")) for p in plans if p)
    for text, wanted, unwanted in (("true", true, false), ("false", false, true)):
        name = computed.name if text == "true" else f"no_{computed.name}"
        parameter = Value(name=computed.name, code=literal(text))
        yield FilterCase(name=name, parameters=(parameter,), wanted=(wanted,), unwanted=unwanted)


def _with(
    system: System, entity: Entity, operation: Operation, value: Expression, wanted: bool
) -> Plan | None:
    conditions = conditions_of(system, entity, operation)
    role = roles_of(system, operation)[0]
    names = names_in(system, (value, *visibility(system, entity)))

    def accept(plan: Plan) -> bool:
        row, world = conditions.staged(plan, Someone(role))
        return visible(entity, row, world) is True and holds(value, row, world) is wanted

    plan = find(system, entity, names, accept)
    return None if plan is None or plan.below else plan


def _searches(entity: Entity) -> Iterator[FilterCase]:
    for name in entity.listing.search:
        field = entity.field(name)
        if field is None or field.pattern is not None or lengths(field).most < len(_NEEDLE) + 4:
            continue
        text = f"A {_NEEDLE}".ljust(lengths(field).least, "x")
        yield FilterCase(
            name=f"words_of_{name}",
            parameters=(Value(name="q", code=literal(_NEEDLE.upper())),),
            wanted=(_row(field, text),),
            unwanted=Given(),
        )


def _equal(field: Field, sent: Code, wanted: object, unwanted: object) -> FilterCase:
    name = field.name if wanted is not False else f"no_{field.name}"
    return FilterCase(
        name=name,
        parameters=(Value(name=field.name, code=sent),),
        wanted=(_row(field, wanted),),
        unwanted=_row(field, unwanted),
    )


def _row(field: Field, value: object) -> Given:
    return Given(values=(Value(name=field.name, code=stored(field, value)),))
