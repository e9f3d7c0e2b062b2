"""Commands and queries that the spec writes itself."""

from collections.abc import Iterable, Iterator

from tospec.model import Emit, Kind, Operation, Step, Update
from tospec.syntax import codes
from tospec.syntax.declaring import variable
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.fields import decode_fields
from tospec.syntax.decode.listing import check_sortable
from tospec.syntax.keys import Keys, Word
from tospec.syntax.notations import parameters
from tospec.syntax.parts import Part
from tospec.syntax.scope import RowScope, field_type


def decode_commands(parts: Iterable[Part], environment: Environment) -> Iterator[Operation]:
    """Yield the commands of the spec."""
    for part in parts:
        http = http_of(part.keys)
        entity = changed_row(part, environment) if http else None
        if http and entity:
            yield _command(part, http, entity, environment)


def decode_queries(parts: Iterable[Part], environment: Environment) -> Iterator[Operation]:
    """Yield the queries of the spec."""
    for part in parts:
        http, of = http_of(part.keys), part.keys.word("of")
        if of is None or http is None:
            continue
        environment.names.resolve(codes.UNKNOWN_ENTITY, of, environment.names.entities)
        _check_query_path(part.keys, http, environment)
        if of.text in environment.skeletons:
            yield _query(part, http, of, environment)


def http_of(keys: Keys) -> tuple[str, str] | None:
    """Return the method and the path of an operation."""
    method, _, path = keys.text("http").partition(" ")
    return (method, path) if path else None


def changed_row(part: Part, environment: Environment) -> str | None:
    """Return the entity that a command is about: the one parameter of its path."""
    if part.keys.text("http").startswith("GET "):
        message = "A command changes something, which GET must not."
        place = part.keys.place("http")
        environment.problems.add(codes.BAD_PATH, place, message, "Use POST, PUT, PATCH or DELETE.")
    message = "A command changes one row, so its path has one parameter."
    return row_of(part, message, "/v1/tasks/{task}/assign", environment)


def row_of(part: Part, wanted: str, example: str, environment: Environment) -> str | None:
    """Return the entity whose row is the one parameter of a path."""
    place = part.keys.place("http")
    named = parameters(part.keys.text("http"))
    rows = {variable(name): name for name, s in environment.skeletons.items() if s.part}
    for name in named:
        if name not in rows:
            environment.problems.unknown(codes.UNKNOWN_ENTITY, place, "row", name, rows)
    if len(named) != 1:
        help_ = f"Name the row in braces, such as {example}."
        environment.problems.add(codes.BAD_PATH, place, wanted, help_)
    return rows.get(named[0]) if len(named) == 1 else None


def _command(part: Part, http: tuple[str, str], entity: str, environment: Environment) -> Operation:
    keys, name = part.keys, part.name.text
    _check_public(keys, environment)
    inputs = decode_fields(keys, "input", "input", environment.problems)
    environment.types.records[name] = {f.name: field_type(f, f"{name}.{f.name}") for f in inputs}
    scope = RowScope(environment.types, entity, name if inputs else "")
    return Operation(
        name=name,
        kind=Kind.ACTION,
        entity=entity,
        method=http[0],
        path=http[1],
        permission=environment.permission(keys),
        view=environment.view(keys.word("returns"), entity),
        requirements=part.requirements,
        span=part.name.span,
        public=keys.flag("public"),
        policy=environment.action(keys.word("policy"), entity),
        input=inputs,
        require=environment.requirements(keys, scope),
        steps=tuple(_steps(keys, scope, environment)),
        description=keys.text("description"),
    )


def _steps(keys: Keys, scope: RowScope, environment: Environment) -> Iterator[Step]:
    for step in keys.records("do"):
        found = decode_step(step, scope, environment)
        if found:
            yield found


def decode_step(step: Keys, scope: RowScope, environment: Environment) -> Step | None:
    """Return what a step does to the row of a scope; None for one that does nothing to it."""
    row, event = step.word("update"), step.word("emit")
    if row:
        if row.text != scope.row_variable:
            known = (scope.row_variable,)
            environment.problems.unknown(codes.UNKNOWN_ROW, row.span, "row", row.text, known)
        return Update(set=environment.assignments(step, scope), span=row.span)
    if event:
        _check_single(event, environment)
        return Emit(event=environment.event(event, scope.entity), span=event.span)
    return None


def _check_single(event: Word, environment: Environment) -> None:
    """Report an event that carries one of several things, of which a step names none."""
    _, each = environment.event_of.get(event.text, ("", ""))
    if each:
        message = f"'{event.text}' is announced for each '{each}'; a step announces one event."
        help_ = "Announce it in `emits` of the entity, with `for_each`."
        environment.problems.add(codes.MISPLACED_KEY, event.span, message, help_)


def _check_public(keys: Keys, environment: Environment) -> None:
    if keys.flag("public") and "permission" in keys:
        message = "What is public asks for no permission."
        place = keys.key_place("permission")
        environment.problems.add(codes.MISPLACED_KEY, place, message, "Choose one of the two.")


def _check_query_path(keys: Keys, http: tuple[str, str], environment: Environment) -> None:
    place = keys.place("http")
    if http[0] != "GET":
        message = "A query only tells; its method is GET."
        environment.problems.add(codes.BAD_PATH, place, message, f"GET {http[1]}")
    if parameters(http[1]):
        message = "The path of a query has no parameters."
        help_ = "Narrow the entity's own list by the relation instead."
        environment.problems.add(codes.BAD_PATH, place, message, help_)


def _query(part: Part, http: tuple[str, str], of: Word, environment: Environment) -> Operation:
    keys = part.keys
    _check_public(keys, environment)
    scope = RowScope(environment.types, of.text)
    sort = keys.word("sort")
    if sort:
        check_sortable(sort, environment.skeletons[of.text], environment)
    return Operation(
        name=part.name.text,
        kind=Kind.LIST,
        entity=of.text,
        method=http[0],
        path=http[1],
        permission=environment.permission(keys),
        view=environment.view(keys.word("returns"), of.text),
        requirements=part.requirements,
        span=part.name.span,
        public=keys.flag("public"),
        where=environment.condition(keys, "where", scope),
        sort=sort.text if sort else None,
        description=keys.text("description"),
    )
