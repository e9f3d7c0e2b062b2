"""What rows do to each other: values that are taken, rows that go with others, trees."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.expression import Call, Function, Path
from tospec.ir.case_tables import Announced, Deletion, Mention, Taken, TreeCase
from tospec.ir.cases import Value
from tospec.lowering.cases.conditions import Conditions, conditions_of, roles_of
from tospec.lowering.cases.factories import sendable
from tospec.lowering.cases.givens import given
from tospec.lowering.cases.plans import Plan, build
from tospec.lowering.cases.rows import Someone, World
from tospec.lowering.cases.search import find, names_in, shared_relations
from tospec.lowering.cases.truth import all_of
from tospec.lowering.cases.uniques import most_rows
from tospec.lowering.cases.values import choices, example, stored
from tospec.lowering.naming import entity_names, link_field, reference_column
from tospec.model import (
    Entity,
    Field,
    FieldType,
    Kind,
    Moment,
    OnDelete,
    Relation,
    System,
    Unique,
)
from tospec.model.pattern_matching import matches
from tospec.python import Code, fill

_TEXTS = frozenset(
    (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.SLUG, FieldType.URL)
)

_ROWS_OF_CHANGE = 2
"""The row that has a value and the one that is to take it; one more value for its own change."""
_BESIDE_TREE = 2
"""The row below the lowest level, and one outside of the tree."""


def taken_of(system: System, entity: Entity) -> Iterator[Taken]:
    """Yield the values of an entity that are taken once a row has them."""
    for unique in entity.unique:
        members = [entity.field(name) or entity.relation(name) for name in unique.fields]
        if all(_is_sent(entity, member) for member in members):
            taken = _taken(entity, unique, members)
            room = most_rows(system, entity) > _ROWS_OF_CHANGE
            yield replace(taken, changeable=taken.changeable and room)


def _is_sent(entity: Entity, member: Field | Relation | None) -> bool:
    if isinstance(member, Field):
        return sendable(entity, member)
    return member is not None and member.writable and member.name != entity.under


def _taken(entity: Entity, unique: Unique, members: list[Field | Relation | None]) -> Taken:
    row: list[Value] = []
    body: list[Value] = []
    for member in members:
        if isinstance(member, Field):
            if member.optional:
                value = example(member, choices(entity, member))
                row.append(Value(name=member.name, code=stored(member, value)))
            body.append(Value(name=member.name, code=_same(member, unique)))
        elif member is not None:
            name = reference_column(member.name)
            body.append(Value(name=name, code=fill("str(taken.{})", Code(name))))
    return Taken(
        fields=tuple(value.name for value in body),
        row=tuple(row),
        body=tuple(body),
        elsewhere=all(isinstance(member, Field) for member in members),
        changeable=all(member is not None and member.changeable for member in members),
    )


def _same(field: Field, unique: Unique) -> Code:
    value = fill("taken.{}", Code(field.name))
    if field.type not in _TEXTS:
        return fill("wire(taken.{})", Code(field.name))
    has_case = field.type is not FieldType.SLUG and (field.pattern is None or _any_case(field))
    folds = unique.ignore_case and has_case
    return fill("{}.swapcase()", value) if folds else value


def _any_case(field: Field) -> bool:
    text = example(field)
    return isinstance(text, str) and matches(field.pattern or "", text.swapcase())


def deletions_of(system: System, entity: Entity) -> Iterator[Deletion]:
    """Yield what becomes of rows that refer to a row that is deleted."""
    operation = next((o for o in system.operations_of(entity.name) if o.kind is Kind.DELETE), None)
    if operation is None or entity.soft_delete:
        return
    conditions = conditions_of(system, entity, operation)
    for child, relation in system.referring_to(entity.name):
        if not child.built_in:
            yield from _deletion(conditions, child, relation)


def _deletion(conditions: Conditions, child: Entity, relation: Relation) -> Iterator[Deletion]:
    plan = _child(conditions, child, relation)
    if plan is None:
        return
    made = given(conditions.system, child, plan, person=Code("me"), row=Code("row.id"))
    effect = "unlink" if relation.many else relation.on_delete.value
    if made.before or (
        relation.on_delete is OnDelete.CASCADE and child.soft_delete and relation.many
    ):
        return
    column = link_field if relation.many else reference_column
    yield Deletion(
        effect=effect,
        child=entity_names(child.name),
        column=column(relation.name),
        values=made.values,
        audited=child.audit,
    )


def _child(conditions: Conditions, child: Entity, relation: Relation) -> Plan | None:
    system, entity = conditions.system, conditions.entity
    role = next(iter(roles_of(system, conditions.operation)), None)
    if role is None:
        return None

    def accept(plan: Plan) -> bool:
        owner = Someone(role)
        row = build(system, entity, conditions.base, owner).row
        other = build(system, child, plan, owner).row
        if relation.many:
            other.links[relation.name] = (row,)
        else:
            other.refs[relation.name] = row
        world = World(system=system, principal=owner).holding(row, other)
        return all_of(conditions.asked(row, world)) is True

    rules = (requirement.that for requirement in conditions.required)
    return find(system, child, names_in(system, rules), accept)


def trees_of(system: System, entity: Entity) -> Iterator[TreeCase]:
    """Yield the relations by which rows of an entity form trees, if clients write them."""
    kinds = {operation.kind for operation in system.operations_of(entity.name)}
    for relation in entity.relations:
        if relation.tree is None or not relation.writable or Kind.CREATE not in kinds:
            continue
        if most_rows(system, entity) < relation.tree.max_depth + _BESIDE_TREE:
            continue
        shared = tuple(shared_relations(entity, entity))
        yield TreeCase(
            column=reference_column(relation.name),
            shared=tuple(reference_column(name) for name in shared),
            max_depth=relation.tree.max_depth,
            error=relation.tree.error,
            status=system.error(relation.tree.error).status,
            changeable=relation.changeable and Kind.UPDATE in kinds,
        )


def mentions_of(system: System, entity: Entity) -> Iterator[Mention]:
    """Yield the events that a creation announces for everybody whom a text mentions."""
    for emission in entity.emits:
        if emission.for_each is None or Moment.CREATE not in emission.on:
            continue
        root = emission.for_each.tree.root
        if isinstance(root, Call) and root.function is Function.MENTIONED:
            text = root.arguments[0]
            if isinstance(text, Path) and len(text.steps) == 1:
                yield Mention(event=emission.event, member=text.names[0])


def announced_by(system: System, entity: Entity) -> Iterator[Announced]:
    """Yield the events that an update announces when it changes a relation to a person."""
    for emission in entity.emits:
        relation = entity.relation(emission.changed) if emission.changed else None
        if relation is None or relation.to != "User" or relation.many or not relation.changeable:
            continue
        if Moment.UPDATE in emission.on:
            payload = system.event(emission.event).payload
            before = any(item.before and item.path == relation.name for item in payload)
            yield Announced(
                event=emission.event,
                column=reference_column(relation.name),
                before=before,
                optional=relation.optional,
            )
