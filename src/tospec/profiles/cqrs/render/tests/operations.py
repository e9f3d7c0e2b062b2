"""`tests/operations/test_<entities>.py`: what operations answer and leave behind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tospec.ir.case_tables import Deletion, EntityCases, Shown, Stored, Taken
from tospec.ir.cases import Operation
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    compared,
    factory,
    header,
    held_before,
    home,
    joined_name,
    keywords,
    mapping,
    operation,
    requirements,
)
from tospec.python import (
    NOTHING,
    Code,
    attribute,
    constant,
    fill,
    identifier,
    join,
    literal,
    module,
    snake,
)

_ME = Code("me")


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    name: Code
    members: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Create:
    operation: Code
    person: Code
    stranger: Code
    full: Code
    view: Code
    sent: Code
    defaults: Code | None
    item: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Called:
    operation: Code
    person: Code
    view: Code = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    name: Code
    row: Code
    body: Code
    fields: Code
    elsewhere: bool
    updated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Restore:
    operation: Code
    person: Code
    view: Code
    entries: Code
    deleted: Code | None
    make_deleted: Code
    refused: Code | None
    taken: tuple[_Taken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    operation: Code
    person: Code
    full: Code
    kept: Code
    followed: Code
    members: Code
    nullable: Code | None
    touched: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deletion:
    effect: str
    child: Code
    make: Code
    find: Code
    column: Code
    values: Code
    audited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    function: Code
    operation: Code
    person: Code
    member: Code
    name: Code
    make: Code
    column: Code
    field: Code
    ago: Code
    counts: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    function: Code
    operation: Code
    person: Code
    field: Code
    other: Code
    status: Code
    entries: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredValue:
    member: Code
    value: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    function: Code
    operation: Code
    person: Code
    status: Code
    view: Code | None
    before: Code
    stored: tuple[_StoredValue, ...]


def render_operations(entity: EntityCases, path: str) -> str:
    """Return the tests of the operations on an entity."""
    views = _views(entity)
    served = [each for each in entity.operations if each.served]
    delete = entity.operation("delete")
    body = TEMPLATES.render(
        "tests/operations.py.j2",
        artifact=path,
        requirements=requirements(entity.requirements),
        singular=identifier(entity.variable),
        make=factory(entity.names, "make"),
        find=factory(entity.names, "find"),
        versioned=entity.optimistic,
        computed=fill(" - {}", literal(set(entity.computed))) if entity.computed else NOTHING,
        own_id=joined_name(entity.names.singular, "id"),
        views=[_View(name=name, members=literal(set(each))) for each, name in views.items()],
        create=_create(entity, views),
        read=_read(entity, views),
        update=_update(entity),
        delete=_called(entity, delete) if delete else None,
        restore=_restore(entity, views),
        taken=list(_taken(entity)),
        windows=list(_windows(entity)),
        deletions=[_deletion(each) for each in entity.deletions] if delete else [],
        links=[_link(entity, each) for each in served if each.kind == "link"],
        unlinks=[_link(entity, each) for each in served if each.kind == "unlink"],
        actions=[_action(entity, views, each) for each in served if each.kind == "action"],
    )
    return module(
        header(entity, "what each operation answers and leaves behind"), body, artifact=path
    )


def _windows(entity: EntityCases) -> Iterator[_Window]:
    for window in entity.windows:
        called = entity.named(window.operation)
        if called.served:
            yield _Window(
                function=identifier(called.function),
                operation=operation(entity.names, called.name),
                person=home(called.served[0]),
                member=identifier(window.member),
                name=literal(window.member),
                make=factory(window.child, "make"),
                column=attribute(window.column),
                field=attribute(window.field),
                ago=window.ago,
                counts=literal((0, 1) if window.younger else (1, 0)),
            )


def _views(entity: EntityCases) -> dict[tuple[str, ...], Code]:
    """Return the members that answers show, each set with the name of its constant."""
    found: dict[tuple[str, ...], Code] = {}
    kinds = {each.name: each.kind for each in entity.operations if each.served}
    for shown in entity.shown:
        if kinds.get(shown.operation) in {"create", "read", "restore", "action"}:
            name = fill("MEMBERS_OF_{}", constant(snake(shown.operation)))
            found.setdefault(shown.members, name if found else Code("MEMBERS"))
    return found


def _shown(entity: EntityCases, name: str) -> Shown | None:
    return next((each for each in entity.shown if each.operation == name), None)


def _create(entity: EntityCases, views: dict[tuple[str, ...], Code]) -> _Create | None:
    found = entity.operation("create")
    shown = _shown(entity, found.name) if found else None
    if found is None or shown is None:
        return None
    role = found.served[0]
    return _Create(
        operation=operation(entity.names, found.name),
        person=home(role),
        stranger=Code(home(role).text.replace("home", "other"), home(role).imports),
        full=factory(entity.names, "full"),
        view=views[shown.members],
        sent=_sent(entity, shown),
        defaults=mapping(shown.defaults) if shown.defaults else None,
        item=_item(entity),
    )


def _sent(entity: EntityCases, shown: Shown) -> Code:
    full = entity.factory.full
    whole = full is not None and len(full.values) == len(shown.sent)
    return Code("body.keys()") if whole else literal(list(shown.sent))


def _item(entity: EntityCases) -> Code | None:
    read = entity.operation("read")
    if read is None:
        return None
    text = read.path.replace(f"{{{read.parameters[0]}}}", "\0")
    return Code("f" + literal(text).text.replace("\\x00", '{created["id"]}'))


def _called(entity: EntityCases, found: Operation) -> _Called:
    return _Called(operation=operation(entity.names, found.name), person=home(found.served[0]))


def _restore(entity: EntityCases, views: dict[tuple[str, ...], Code]) -> _Restore | None:
    found, deleted = entity.operation("restore"), entity.operation("deleted")
    shown = _shown(entity, found.name) if found else None
    if found is None or shown is None:
        return None
    refused = [cell.role for cell in found.cells if not cell.mine and not cell.allowed]
    return _Restore(
        operation=operation(entity.names, found.name),
        person=home(found.served[0]),
        view=views[shown.members],
        entries=literal(1 if found.audit else 0),
        deleted=operation(entity.names, deleted.name) if deleted and deleted.row else None,
        make_deleted=factory(entity.names, "make_deleted"),
        refused=_listed(refused) if refused else None,
        taken=tuple(_taken_again(entity, found)),
    )


def _listed(names: list[str]) -> Code:
    return fill("[{}]", join(", ", map(places.role, names)))


def _taken_again(entity: EntityCases, restore: Operation) -> Iterator[_Taken]:
    if entity.operation("create") is None or restore.given.before:
        return
    for taken in entity.taken:
        row = {value.name: value for value in (*restore.given.values, *taken.row)}
        yield replace(_one_taken(taken, None), row=keywords(row.values()))


def _read(entity: EntityCases, views: dict[tuple[str, ...], Code]) -> _Called | None:
    found = entity.operation("read")
    shown = _shown(entity, found.name) if found else None
    if found is None or shown is None:
        return None
    return _Called(
        operation=operation(entity.names, found.name),
        person=home(found.served[0]),
        view=views[shown.members],
    )


def _update(entity: EntityCases) -> _Update | None:
    found, changes = entity.operation("update"), entity.changes
    if found is None or changes is None or not changes.members:
        return None
    touched = {"version", "updated_at"} if entity.optimistic else {"updated_at"}
    return _Update(
        operation=operation(entity.names, found.name),
        person=home(found.served[0]),
        full=factory(entity.names, "full"),
        kept=keywords(entity.factory.kept),
        followed=Code('.given(filled.headers["etag"])') if found.conditional else NOTHING,
        members=literal(list(changes.members)),
        nullable=literal(list(changes.nullable)) if changes.nullable else None,
        touched=fill("{{name, {}}}", Code(literal(touched).text.strip("{}"))),
    )


def _taken(entity: EntityCases) -> Iterator[_Taken]:
    if entity.operation("create") is None:
        return
    update = entity.operation("update")
    for taken in entity.taken:
        yield _one_taken(taken, update)


def _one_taken(taken: Taken, update: Operation | None) -> _Taken:
    sent = keywords(taken.body)
    return _Taken(
        name=_together(taken.fields),
        row=keywords(taken.row),
        body=Code(sent.text.removeprefix(", "), sent.imports),
        fields=literal(list(taken.fields)),
        elsewhere=taken.elsewhere,
        updated=taken.changeable and update is not None,
    )


def _together(fields: tuple[str, ...]) -> Code:
    first = identifier(fields[0]).text
    return Code(first if len(fields) == 1 else f"{first}_and_more")


def _deletion(deletion: Deletion) -> _Deletion:
    return _Deletion(
        effect=deletion.effect,
        child=identifier(deletion.child.singular),
        make=factory(deletion.child, "make"),
        find=factory(deletion.child, "find"),
        column=Code(deletion.column),
        values=keywords(deletion.values),
        audited=deletion.audited,
    )


def _link(entity: EntityCases, found: Operation) -> _Link:
    return _Link(
        function=identifier(found.function),
        operation=operation(entity.names, found.name),
        person=home(found.served[0]),
        field=Code(found.links or ""),
        other=Code(found.parameters[-1]),
        status=literal(found.success),
        entries=literal(1 if found.audit else 0),
    )


def _action(entity: EntityCases, views: dict[tuple[str, ...], Code], found: Operation) -> _Action:
    shown = _shown(entity, found.name)
    stored = tuple(each for each in entity.stored_effects if each.operation == found.name)
    return _Action(
        function=identifier(found.function),
        operation=operation(entity.names, found.name),
        person=home(found.served[0]),
        status=literal(found.success),
        view=views[shown.members] if shown else None,
        before=held_before(stored),
        stored=tuple(_stored(each) for each in stored),
    )


def _stored(stored: Stored) -> _StoredValue:
    return _StoredValue(member=literal(stored.member), value=compared(stored.value))
