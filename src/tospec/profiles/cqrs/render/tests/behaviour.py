"""Tests of policies, rules, lifecycles, announcements and payloads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tospec.ir.case_tables import (
    Announced,
    EntityCases,
    LifecycleCases,
    Mention,
    TreeCase,
)
from tospec.ir.cases import Operation, Refusal, Value
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    MadeRow,
    compared,
    factory,
    header,
    held_before,
    home,
    joined_name,
    keywords,
    made,
    operation,
    requirements,
)
from tospec.python import NOTHING, Code, fill, identifier, join, literal, module, snake

_ME = Code("me")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    operation: Code
    role: Code
    mine: Code
    allowed: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    name: Code
    requirements: Code
    person: Code
    operation: Code
    before: tuple[MadeRow, ...]
    values: Code
    after: tuple[MadeRow, ...]
    status: Code
    error: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    column: Code
    person: Code
    same: Code
    steps: Code
    max_depth: Code
    create: Code
    update: Code | None
    status: Code
    error: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    state: Code
    operation: Code
    target: Code = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    name: Code
    operation: Code
    person: Code
    before: Code
    values: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Announced:
    name: Code
    event: Code
    person: Code
    operation: Code
    column: Code
    before: bool
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    name: Code
    event: Code
    person: Code
    operation: Code
    member: Code


def has_cells(entity: EntityCases) -> bool:
    """Whether it depends on the row who may do something to it."""
    return any(each.cells for each in entity.operations)


def has_rules(entity: EntityCases) -> bool:
    """Whether rules refuse something."""
    return bool(entity.trees) or any(each.refusals for each in entity.operations)


def has_lifecycle(entity: EntityCases) -> bool:
    """Whether an entity has states that operations move it between."""
    return entity.lifecycle is not None and bool(entity.lifecycle.moves)


def has_announcements(entity: EntityCases) -> bool:
    """Whether events are announced on a condition."""
    create, update = entity.operation("create"), entity.operation("update")
    return bool((entity.mentions and create) or (entity.announced and update))


def render_cells(entity: EntityCases, path: str) -> str:
    """Return the tests of who may do what to a row."""
    cells = [
        _Cell(
            operation=operation(entity.names, each.name),
            role=places.role(cell.role),
            mine=literal(cell.mine),
            allowed=literal(cell.allowed),
        )
        for each in entity.operations
        for cell in each.cells
    ]
    body = TEMPLATES.render("tests/cells.py.j2", artifact=path, cells=cells, **_common(entity))
    return module(header(entity, "who may do what, by role and by row"), body, artifact=path)


def render_rules(entity: EntityCases, path: str) -> str:
    """Return the tests of the rules of an entity."""
    rules = [_rule(entity, op, each) for op in entity.operations for each in op.refusals]
    trees = [_tree(entity, each) for each in entity.trees if entity.operation("create")]
    body = TEMPLATES.render(
        "tests/rules.py.j2", artifact=path, rules=rules, trees=trees, **_common(entity)
    )
    return module(header(entity, "what their rules refuse"), body, artifact=path)


def render_lifecycle(entity: EntityCases, path: str) -> str:
    """Return the tests of the lifecycle of an entity."""
    cases = entity.lifecycle
    assert cases is not None, "only entities with a lifecycle have such tests"  # noqa: S101
    create = entity.operation("create")
    raced = [entity.named(name) for name in cases.raced]
    body = TEMPLATES.render(
        "tests/lifecycles.py.j2",
        artifact=path,
        moves=[
            _Move(
                state=literal(move.state),
                operation=operation(entity.names, move.operation),
                target=literal(move.target),
            )
            for move in cases.moves
        ],
        refused=[
            _Move(state=literal(state), operation=operation(entity.names, name))
            for state, name in cases.refused
            if entity.named(name).served
        ],
        allowed=[(literal(state), literal(list(names))) for state, names in cases.allowed],
        raced=_listed(operation(entity.names, each.name) for each in raced if each.served),
        stored=list(_stored(entity, cases)),
        ids=requirements(cases.requirements),
        field=identifier(cases.field),
        initial=literal(cases.initial),
        initial_name=joined_name("in", snake(cases.initial)),
        create=operation(entity.names, create.name) if create else None,
        versioned=entity.optimistic,
        audited=any(each.audit for each in entity.operations),
        **_common(entity),
    )
    return module(header(entity, "every transition from every state"), body, artifact=path)


def render_announcements(entity: EntityCases, path: str) -> str:
    """Return the tests of events that are announced on a condition."""
    body = TEMPLATES.render(
        "tests/announcements.py.j2",
        artifact=path,
        mentions=list(_mentions(entity)),
        changes=list(_changes(entity)),
        **_common(entity),
    )
    return module(header(entity, "events that are announced on a condition"), body, artifact=path)


def _listed(operations: Iterable[Code]) -> Code | None:
    known = tuple(operations)
    return fill("[{}]", join(", ", known)) if known else None


def _common(entity: EntityCases) -> dict[str, Code]:
    return {
        "requirements": requirements(entity.requirements),
        "singular": identifier(entity.variable),
        "own_id": joined_name(entity.names.singular, "id"),
        "make": factory(entity.names, "make"),
        "find": factory(entity.names, "find"),
    }


def _rule(entity: EntityCases, called: Operation, refusal: Refusal) -> _Rule:
    given = refusal.given
    return _Rule(
        name=joined_name(called.function, "refused", refusal.error.lower()),
        requirements=requirements(refusal.requirements),
        person=home(called.served[0]),
        operation=operation(entity.names, called.name),
        before=made(given.before, _ME),
        values=keywords(given.values),
        after=made(given.after, _ME),
        status=literal(refusal.status),
        error=literal(refusal.error),
    )


def _tree(entity: EntityCases, tree: TreeCase) -> _Tree:
    create, update = entity.operation("create"), entity.operation("update")
    assert create is not None, "a tree grows by creations"  # noqa: S101
    moved = update if tree.changeable else None
    same = (Value(name=name, code=fill("root.{}", Code(name))) for name in tree.shared)
    return _Tree(
        column=identifier(tree.column),
        person=home(create.served[0]),
        same=keywords(same),
        steps=literal(max(tree.max_depth - 2, 0)),
        max_depth=literal(tree.max_depth),
        create=operation(entity.names, create.name),
        update=operation(entity.names, moved.name) if moved else None,
        status=literal(tree.status),
        error=literal(tree.error),
    )


def _stored(entity: EntityCases, cases: LifecycleCases) -> Iterator[_Stored]:
    for name in dict.fromkeys(each.operation for each in cases.stored):
        called = entity.named(name)
        if called.served:
            effects = tuple(each for each in cases.stored if each.operation == name)
            yield _Stored(
                name=joined_name(called.function, "stores_what_goes_with_it"),
                operation=operation(entity.names, name),
                person=home(called.served[0]),
                before=held_before(effects),
                values=tuple((literal(e.member), compared(e.value)) for e in effects),
            )


def _mentions(entity: EntityCases) -> Iterator[_Mention]:
    create = entity.operation("create")
    for each in entity.mentions if create else ():
        yield _mention(entity, create, each)


def _mention(entity: EntityCases, create: Operation | None, mention: Mention) -> _Mention:
    assert create is not None, "mentions are announced by creations"  # noqa: S101
    return _Mention(
        name=identifier(snake(mention.event)),
        event=literal(mention.event),
        person=home(create.served[0]),
        operation=operation(entity.names, create.name),
        member=identifier(mention.member),
    )


def _changes(entity: EntityCases) -> Iterator[_Announced]:
    update = entity.operation("update")
    for each in entity.announced:
        if update is not None:
            yield _announced(entity, update, each)


def _announced(entity: EntityCases, update: Operation, announced: Announced) -> _Announced:
    return _Announced(
        name=identifier(snake(announced.event)),
        event=literal(announced.event),
        person=home(update.served[0]),
        operation=operation(entity.names, update.name),
        column=identifier(announced.column),
        before=announced.before,
        optional=announced.optional,
    )
