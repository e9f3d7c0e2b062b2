"""`tests/calls/<entities>.py`: how tests call the operations on an entity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tospec.ir.case_tables import EntityCases, Suite
from tospec.ir.cases import Given, Operation, Reference, Value
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    MadeRow,
    factory,
    joined_name,
    made,
    make,
    mapping,
    model,
    roles,
    tuple_of,
)
from tospec.python import (
    Code,
    constant,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    snake,
    symbol,
)

_BY = Code("by")
_IMPORTED: Final = frozenset({"entity_tag", "number", "spelled", "the_same", "wire"})
_BEGINNINGS: Final = ("hidden_", "least_", "make_", "row_of_")
_LISTS: Final = ("list", "deleted")
_MAKERS: Final = {"restore": "make_deleted", "deleted": "make_deleted"}
"""What makes the rows that operations of some kinds are about."""
_ROWS_OF_PAGES = 5
"""Rows that the tests of pages make of what has room for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    name: Code
    docstring: Code
    before: tuple[MadeRow, ...]
    lines: tuple[Code, ...]
    returned: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowFunction:
    name: Code
    docstring: Code
    before: tuple[MadeRow, ...]
    made: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hiding:
    name: Code
    docstring: Code
    before: tuple[MadeRow, ...]
    values: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Constant:
    name: Code
    arguments: tuple[tuple[Code, Code], ...]


def render_calls(entity: EntityCases, path: str) -> str:
    """Return the module of the calls about an entity."""
    hidden = _distinct(entity)
    body = TEMPLATES.render(
        "tests/calls.py.j2",
        artifact=path,
        functions=[_function(entity, each) for each in entity.operations],
        rows=[_row_function(entity, each) for each in entity.operations if each.row],
        hidden=[_hiding(entity, hidden, each) for each in hidden],
        model=model(entity.names),
        constants=[_constant(entity, hidden, each) for each in entity.operations],
    )
    return module(f"Calls of the operations on {entity.names.nouns}.", body, artifact=path)


def render_all_calls(suite: Suite, path: str) -> str:
    """Return the package of all calls."""
    modules = [identifier(each.names.plural) for each in suite.entities if each.operations]
    parts = [symbol("tests.calls", each.text) for each in modules]
    body = TEMPLATES.render("tests/all_calls.py.j2", artifact=path, modules=parts)
    header = "Calls of every operation, and what the requirements say about each."
    return module(header, body, artifact=path)


def _function(entity: EntityCases, operation: Operation) -> _Function:
    about = f"Prepare a call of `{operation.name}`."
    creates_or_lists = operation.creates or operation.kind in _LISTS
    lines = _above(operation) if creates_or_lists else _row(entity, operation)
    before = () if creates_or_lists else made(operation.given.before, _BY)
    return _Function(
        name=_function_name(operation),
        docstring=docstring(about, indent=4),
        before=before,
        lines=tuple(lines),
        returned=_returned(entity, operation),
    )


def _returned(entity: EntityCases, operation: Operation) -> Code:
    constant, arguments = _constant_name(operation), _arguments(entity, operation)
    if operation.uploads:
        call = symbol("tests.file_cases", "file_call")
        return fill("{}({}, {}, {})", call, constant, literal(entity.media_type), arguments)
    return fill("{}.call({})", constant, arguments)


def _above(operation: Operation) -> Iterator[Code]:
    if operation.above is not None:
        relation, names = operation.above
        parent = make(names, _BY)
        column = literal(f"{relation}_id")
        variable = joined_name(relation, "id")
        yield fill("{} = values.pop({}, None) or (await {}).id", variable, column, parent)


def _row(entity: EntityCases, operation: Operation) -> Iterator[Code]:
    values = operation.given.values
    given = Code("**values")
    if values:
        given = fill("**{{{}, **values}}", _items(values))
    call = fill(
        "{}({}, {})", factory(entity.names, _MAKERS.get(operation.kind, "make")), _BY, given
    )
    yield fill("{} = await {}", identifier(entity.variable), call)


def _arguments(entity: EntityCases, operation: Operation) -> Code:
    row = identifier(entity.variable)
    parts = [fill("{}={}", Code(name), code) for name, code in _ids(entity, operation)]
    if operation.creates:
        least = factory(entity.names, "least")
        wire = symbol("tests.cases", "wire")
        parts.append(fill("body={{**await {}(by), **{}(values)}}", least, wire))
    elif operation.body is not None:
        parts.append(fill("body={}", mapping(operation.body)))
    if operation.conditional:
        tag = symbol("app.core.preconditions", "entity_tag")
        parts.append(fill("if_match={}({})", tag, row))
    return join(", ", parts)


def _ids(entity: EntityCases, operation: Operation) -> Iterator[tuple[str, Code]]:
    row = identifier(entity.variable)
    if operation.above is not None:
        yield operation.parameters[0], joined_name(operation.above[0], "id")
        return
    if operation.creates or operation.kind in _LISTS:
        return
    for index, name in enumerate(operation.parameters):
        if index == 0:
            yield name, fill("{}.id", row)
        elif operation.other is None:
            yield name, Code("by.id")
        elif operation.kind == "unlink":
            yield name, fill("{}.{}[0]", row, Code(operation.links or ""))
        else:
            yield name, fill("(await {}).id", make(operation.other, _BY))


def _row_function(entity: EntityCases, operation: Operation) -> _RowFunction:
    given = operation.row or Given()
    values: tuple[Value, ...] = given.values
    if operation.above is not None:
        name = f"{operation.above[0]}_id"
        parent = fill("call.ids[{}]", literal(operation.parameters[0]))
        values = (Value(name=name, code=parent), *values)
    inside = fill("**{{{}, **values}}", _items(values)) if values else Code("**values")
    maker = _MAKERS.get(operation.kind, "make")
    return _RowFunction(
        name=joined_name("row_of", operation.function),
        docstring=docstring(f"Make a row that the answer to `{operation.name}` holds.", indent=4),
        before=made(given.before, _BY),
        made=fill("{}({}, {})", factory(entity.names, maker), _BY, inside),
    )


def _distinct(entity: EntityCases) -> dict[Given, str]:
    """Return the ways to hide rows, each with the name of its function."""
    found = dict.fromkeys(each.hidden for each in entity.operations if each.hidden is not None)
    first = joined_name("hidden", entity.names.singular).text
    return {given: first if n == 0 else f"{first}_{n + 1}" for n, given in enumerate(found)}


def _hiding(entity: EntityCases, hidden: dict[Given, str], given: Given) -> _Hiding:
    about = f"Return values that hide {entity.names.a_noun} from those who may not see it."
    return _Hiding(
        name=Code(hidden[given]),
        docstring=docstring(about, indent=4),
        before=made(given.before, _BY),
        values=mapping(given.values),
    )


def _constant(entity: EntityCases, hidden: dict[Given, str], operation: Operation) -> _Constant:
    return _Constant(
        name=_constant_name(operation),
        arguments=tuple(
            (Code(name), code)
            for name, code in (
                *_always(operation),
                *_flags(operation),
                *_sometimes(hidden, operation),
            )
        ),
    )


def _always(operation: Operation) -> Iterator[tuple[str, Code]]:
    yield "name", literal(operation.name)
    yield "method", literal(operation.method)
    yield "path", literal(operation.path)
    yield "arrange", _function_name(operation)
    yield "success", literal(operation.success)
    yield "roles", roles(operation.roles)
    if operation.served != operation.roles:
        yield "served", roles(operation.served)
    yield "requirements", tuple_of(literal(each) for each in operation.requirements)


def _flags(operation: Operation) -> Iterator[tuple[str, Code]]:
    flags = {
        "has_body": operation.creates or operation.body is not None,
        "conditional": operation.conditional,
        "demands_condition": operation.demands_condition,
    }
    for name, is_set in flags.items():
        if is_set:
            yield name, literal(True)


def _sometimes(hidden: dict[Given, str], operation: Operation) -> Iterator[tuple[str, Code]]:
    if operation.audit is not None:
        yield "audit", literal(operation.audit)
    if operation.events is None:
        yield "events", literal(None)
    elif operation.events:
        yield "events", tuple_of(literal(each) for each in operation.events)
    if operation.row is not None:
        yield "row", joined_name("row_of", operation.function)
        if operation.most_rows < _ROWS_OF_PAGES:
            yield "most_rows", literal(operation.most_rows)
    if operation.hidden is not None:
        yield "hide", Code(hidden[operation.hidden])
        yield "blind", roles(operation.blind)
    if operation.references:
        yield "references", tuple_of(_reference(each) for each in operation.references)


def _reference(reference: Reference) -> Code:
    other = reference.names
    maker = symbol("tests.world", "the_same") if other is None else factory(other, "make")
    parts = [fill("member={}", literal(reference.member)), fill("make={}", maker)]
    if reference.many:
        parts.append(Code("many=True"))
    if reference.blind and other is not None:
        parts.append(fill("make_hidden={}", factory(other, "make_hidden")))
        parts.append(fill("blind={}", roles(reference.blind)))
    return fill("{}({})", symbol("tests.cases", "Reference"), join(", ", parts))


def _items(values: Sequence[Value]) -> Code:
    return join(", ", (fill("{}: {}", literal(v.name), v.code) for v in values))


def _function_name(operation: Operation) -> Code:
    """Return a name that nothing else in the module has."""
    taken = operation.function in _IMPORTED or operation.function.startswith(_BEGINNINGS)
    return joined_name("prepare", operation.function) if taken else identifier(operation.function)


def _constant_name(operation: Operation) -> Code:
    return constant(snake(operation.name))
