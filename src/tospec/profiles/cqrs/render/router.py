"""`app/api/routes/<entities>.py`: from HTTP to messages and back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.logic import Logic, Resource
from tospec.ir.operations import Fault, Operation, OperationKind, Precondition
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.messages import message_class, schema
from tospec.profiles.cqrs.render.variables import row_variable, rows_variable
from tospec.python import (
    Code,
    attribute,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    symbol,
)

_CONDITIONS: Final = {
    Precondition.OPTIONAL: Code("condition: IfMatch"),
    Precondition.REQUIRED: Code("condition: RequiredIfMatch"),
}
_HOMES: Final = {
    "BulkFailedError": "app.core.bulk",
    "DeletedReferenceError": "app.core.restoring",
    "NotDeletedError": "app.core.restoring",
}
"""Modules of the errors that only some backends have."""
_OK: Final = 200
_NO_CONTENT: Final = Code("return no_content()")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    method: Code
    options: Code
    function: Code
    parameters: Code
    docstring: Code
    statements: tuple[Code, ...]


def render_routes(resource: Resource, path: str) -> str:
    """Return the module of an entity's routes."""
    names = resource.entity.names
    body = TEMPLATES.render(
        "routes.py.j2",
        artifact=path,
        tag=literal(names.segment),
        router=_router(resource.entity),
        routes=[_route(resource, case.operation) for case in resource.operations],
    )
    header = f"Routes of {names.nouns}: translate HTTP, and nothing else."
    return module(header, body, artifact=path)


def _router(entity: Entity) -> Code:
    if entity.file:
        return symbol("app.api.files", "FileRouter")
    return symbol("app.api.routing", "Router")


def render_routers(logic: Logic, path: str) -> str:
    """Return the module that lists the routers of the domain."""
    plurals = (resource.entity.names.plural for resource in logic.resources if resource.operations)
    routers = [symbol("app.api.routes", plural) for plural in plurals]
    fixed = ["tenants"] if logic.manages_tenants else []
    fixed += ["audit_entries"] if logic.audit_permission else []
    fixed += ["jobs"] if logic.jobs else []
    fixed += ["runs"] if logic.has_runs else []
    fixed += ["webhooks"] if logic.webhooks else []
    fixed += ["inbox"] if logic.senders else []
    further = [symbol("app.api.routes", name) for name in fixed]
    body = TEMPLATES.render("routers.py.j2", artifact=path, routers=routers, further=further)
    return module("Routes, one module for each resource.", body, artifact=path)


def _route(resource: Resource, operation: Operation) -> _Route:
    entity = resource.entity
    return _Route(
        method=identifier(_method(operation)),
        options=join(", ", _options(entity, operation)),
        function=identifier(operation.function),
        parameters=join(", ", _parameters(entity, operation)),
        docstring=docstring(operation.about, indent=4),
        statements=tuple(_statements(resource, operation)),
    )


def _is_transfer(operation: Operation) -> bool:
    return operation.upload or operation.kind is OperationKind.DOWNLOAD


def _method(operation: Operation) -> str:
    if operation.kind is OperationKind.DOWNLOAD:
        return "download"
    return "upload" if operation.upload else operation.http_method


def _options(entity: Entity, operation: Operation) -> Iterator[Code]:
    yield literal(operation.path)
    if entity.file and _is_transfer(operation):
        types = places.file_constant(entity.names, f"{entity.file.constant}_MEDIA_TYPES")
        yield fill("media_types={}", types)
    if operation.success != _OK:
        yield fill("status_code={}", literal(operation.success))
    if operation.view is not None:
        yield fill("response_model={}", _model(operation, schema(entity, operation.view)))
    if operation.faults:
        yield fill("raises={}", _tuple(map(_error, operation.faults)))


def _model(operation: Operation, view: Code) -> Code:
    match operation.kind:
        case OperationKind.LIST:
            return fill("PageView[{}]", view)
        case OperationKind.BULK:
            return fill("{}[{}]", symbol("app.schemas.bulk", "BulkView"), view)
        case _:
            return view


def _tuple(items: Iterable[Code]) -> Code:
    listed = list(items)
    return fill("({},)" if len(listed) == 1 else "({})", join(", ", listed))


def _error(fault: Fault) -> Code:
    if fault.is_own:
        return places.error(fault.type)
    return symbol(_HOMES.get(fault.type, "app.core.errors"), fault.type)


def _parameters(entity: Entity, operation: Operation) -> Iterator[Code]:
    if operation.kind.is_query or operation.bulk:
        yield Code("request: Request")
    yield from (fill("{}: Id", attribute(name)) for name in operation.parameters)
    yield fill("actor: Permitted[{}]", message_class(entity, operation))
    if operation.upload and operation.body:
        parameters = symbol("app.api.payload", "QueryParameters")
        yield fill("parameters: {}[{}]", parameters, schema(entity, operation.body))
        yield fill("upload: {}", symbol("app.api.files", "FileBody"))
    elif operation.body:
        name = "changes" if operation.kind is OperationKind.UPDATE else "body"
        yield fill("{}: JsonBody[{}]", attribute(name), schema(entity, operation.body))
    if operation.query:
        yield fill("listing: Listing[{}]", schema(entity, operation.query))
    if operation.precondition in _CONDITIONS:
        yield _CONDITIONS[operation.precondition]
    if operation.keyed:
        yield fill("repeatable: {}", symbol("app.api.idempotency", "Repeatable"))
    yield Code("dispatch: Dispatch")


def _arguments(operation: Operation) -> Iterator[str]:
    yield from operation.parameters
    if operation.upload:
        yield from ("parameters", "upload")
    elif operation.body:
        yield "changes" if operation.kind is OperationKind.UPDATE else "body"
    if operation.query:
        yield "listing"
    if operation.precondition in _CONDITIONS:
        yield "condition"


def _statements(resource: Resource, operation: Operation) -> Iterator[Code]:
    entity = resource.entity
    given = join(", ", (fill("{0}={0}", attribute(name)) for name in _arguments(operation)))
    sent = fill("await dispatch({}({}), actor=actor)", message_class(entity, operation), given)
    if operation.kind is OperationKind.DOWNLOAD:
        yield fill("{}, content = {}", row_variable(entity.names), sent)
        answer = symbol("app.api.files", "download")
        yield fill("return {}(request, {}, content)", answer, row_variable(entity.names))
        return
    if operation.view is None:
        yield sent
        yield _NO_CONTENT
        return
    view = schema(entity, operation.view)
    is_list = operation.kind is OperationKind.LIST
    result = rows_variable(entity.names) if is_list else row_variable(entity.names)
    if operation.keyed:
        yield from _repeatable(resource, operation, view, result)
        return
    if operation.bulk:
        result = Code("outcomes")
    elif operation.kind is OperationKind.MEASURE:
        result = Code("measures")
    yield fill("{} = {}", result, sent)
    yield fill("return {}", _answer(resource, operation, view, result))


def _repeatable(
    resource: Resource, operation: Operation, view: Code, result: Code
) -> Iterator[Code]:
    """Yield what answers a request that may be sent again: its command, and what it shows."""
    entity = resource.entity
    names = (*_arguments(operation), "request")
    given = join(", ", (fill("{0}={0}", attribute(name)) for name in names))
    yield fill(
        "return await repeatable.answer("
        "lambda request: dispatch({}({}), actor=actor), lambda {}: {})",
        message_class(entity, operation),
        given,
        result,
        _answer(resource, operation, view, result),
    )


def _answer(resource: Resource, operation: Operation, view: Code, result: Code) -> Code:
    shown = fill("{}.of({})", view, result)
    tag = fill(", of={}", result) if operation.versioned else Code("")
    match operation.kind:
        case OperationKind.LIST:
            return fill("page(request, {}, {}.each)", result, view)
        case OperationKind.BULK:
            told = symbol("app.api.bulk", "bulk_results")
            return fill("{}(request, {}, {}.of)", told, result, view)
        case OperationKind.MEASURE:
            return fill("item({}, request=request)", result)
        case OperationKind.READ:
            return fill("item({}{}, request=request)", shown, tag)
        case OperationKind.CREATE:
            location = _location(resource, result)
            return fill("created({}, location={}{})", shown, location, tag)
        case _:
            return fill("item({}{})", shown, tag)


def _location(resource: Resource, row: Code) -> Code:
    """Return the path of a new row: that of reading it, or else where all are."""
    operations = (case.operation for case in resource.operations)
    reads = [each for each in operations if each.kind is OperationKind.READ]
    if not reads:
        return fill('f"/v1/{}/{{{}.id}}"', Code(resource.entity.names.segment), row)
    before, _, after = reads[0].path.partition("{")
    rest = after.partition("}")[2]
    return fill('f"{}{{{}.id}}{}"', _segment(before), row, _segment(rest))


def _segment(text: str) -> Code:
    """Return a part of a path, which stands in an f-string and has nothing to escape."""
    return Code(literal(text).text[1:-1])
