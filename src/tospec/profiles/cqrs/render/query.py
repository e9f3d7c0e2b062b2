"""`app/queries/<entities>/<operation>.py`: one answer, straight from the repository."""

from collections.abc import Iterator

from tospec.ir.entities import Entity
from tospec.ir.logic import UseCase
from tospec.ir.operations import Operation, OperationKind, Selection
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.finding import found
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.measures import render_measures
from tospec.profiles.cqrs.render.messages import id_field, message, payload_field, schema
from tospec.profiles.cqrs.render.restoring import deleted_rows
from tospec.profiles.cqrs.render.transfers import render_download
from tospec.profiles.cqrs.render.variables import row_variable, type_name
from tospec.python import Code, attribute, docstring, fill, module, symbol

_LISTING = Code("listing = query.listing.value")


def render_query(case: UseCase, path: str) -> str:
    """Return the module of one query."""
    entity, operation = case.entity, case.operation
    if operation.kind is OperationKind.DOWNLOAD:
        return render_download(case, path)
    if operation.kind is OperationKind.MEASURE:
        return render_measures(case, path)
    result = _result(entity, operation)
    body = TEMPLATES.render(
        "query.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, result, list(_fields(entity, operation))),
        result=result,
        docstring=docstring(f"Answers `{operation.name}`.", indent=4),
        before=list(_before(entity, operation)),
        statements=list(_statements(entity, operation)),
    )
    return module(operation_header(operation), body, artifact=path)


def _result(entity: Entity, operation: Operation) -> Code:
    model = places.model(entity.names)
    if operation.kind is OperationKind.READ:
        return model
    return fill("{}[{}]", symbol("app.schemas.page", "Page"), model)


def _fields(entity: Entity, operation: Operation) -> Iterator[Code]:
    for parameter in operation.parameters:
        yield id_field(parameter)
    if operation.query:
        request = symbol("app.schemas.page", "ListRequest")
        yield payload_field("listing", fill("{}[{}]", request, schema(entity, operation.query)))


def _before(entity: Entity, operation: Operation) -> Iterator[Code]:
    if operation.kind is OperationKind.READ or operation.selection is Selection.UNDER:
        return
    yield _LISTING


def _statements(entity: Entity, operation: Operation) -> Iterator[Code]:
    repository = symbol(f"app.repositories.{entity.names.plural}", f"{entity.names.type}Repository")
    start = fill("return await {}(transaction)", repository)
    visible = symbol(f"app.authorization.policies.{entity.names.plural}", "visible")
    seen = fill("visible={}()", visible)
    tenant = Code("tenant_id=actor.tenant_id")
    if operation.kind is OperationKind.READ:
        key = attribute(operation.parameters[0])
        yield fill("{}.get(query.{}, {}, {})", start, key, tenant, seen)
        return
    match operation.selection:
        case Selection.UNDER:
            yield from _under(entity, operation, start)
        case Selection.FIXED:
            method = attribute(operation.function)
            yield fill("{}.{}(listing.page, {}, {})", start, method, tenant, seen)
        case Selection.DELETED:
            yield fill("return await {}", deleted_rows(entity, tenant))
        case Selection.MATCHING:
            yield fill(
                "{}.matching({}, listing.page, {}, {})", start, _filters(entity), tenant, seen
            )
        case Selection.ALL:
            condition = fill("{}()", visible)
            yield fill("{}.page(listing.page, {}, {})", start, condition, tenant)


def _under(entity: Entity, operation: Operation, start: Code) -> Iterator[Code]:
    above = operation.under
    if above is None:
        return
    policy = symbol("app.authorization.policies", entity.names.plural, alias="policy")
    yield found(above, operation.parameters[0], "query")
    yield _LISTING
    filters = fill("{}, ", _filters(entity)) if operation.has_filters else Code("")
    yield fill(
        "{}.of_{}({}.id, {}listing.page, tenant_id=actor.tenant_id, visible={}.visible())",
        start,
        attribute(above.singular),
        row_variable(above),
        filters,
        policy,
    )


def _filters(entity: Entity) -> Code:
    names = entity.names
    filters = symbol(f"app.repositories.{names.plural}", f"{names.type}Filters")
    return fill("{}(**listing.filters())", filters)
