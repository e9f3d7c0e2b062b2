"""Commands that take files and queries that hand them out."""

from collections.abc import Iterator

from tospec.ir.entities import Entity, FileRule
from tospec.ir.logic import UseCase
from tospec.ir.operations import Operation
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.finding import found, looked_up, service
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.keys import created, request_field
from tospec.profiles.cqrs.render.messages import id_field, message, payload_field, schema
from tospec.profiles.cqrs.render.variables import row_variable, type_name
from tospec.python import Code, attribute, fill, identifier, module, symbol


def render_upload(case: UseCase, rule: FileRule, path: str) -> str:
    """Return the module of the command that takes a file."""
    entity, operation = case.entity, case.operation
    result = places.model(entity.names)
    above = operation.under
    arguments = fill("{}.id, ", row_variable(above)) if above else Code("")
    body = TEMPLATES.render(
        "upload.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, result, list(_sent(entity, operation))),
        result=result,
        max_size=places.file_constant(entity.names, f"{rule.constant}_MAX_SIZE"),
        media_types=identifier(f"{rule.constant.lower()}_media_types"),
        looked_up=looked_up(above, operation.parameters[0], "command") if above else None,
        found=found(above, operation.parameters[0], "command") if above else None,
        service=service(entity),
        returned=created(
            operation,
            fill("service.create({}body, content)", arguments),
            content=Code("content.sha256"),
        ),
    )
    return module(operation_header(operation), body, artifact=path)


def render_download(case: UseCase, path: str) -> str:
    """Return the module of the query that hands out a file."""
    entity, operation = case.entity, case.operation
    stored = symbol("app.db.files", "StoredFile")
    result = fill("tuple[{}, {}]", places.model(entity.names), stored)
    row = row_variable(entity.names)
    body = TEMPLATES.render(
        "download.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, result, [id_field(each) for each in operation.parameters]),
        result=result,
        row=row,
        found=found(entity.names, operation.parameters[0], "query"),
    )
    return module(operation_header(operation), body, artifact=path)


def _sent(entity: Entity, operation: Operation) -> Iterator[Code]:
    for parameter in operation.parameters:
        yield id_field(parameter)
    if operation.body:
        yield payload_field("parameters", schema(entity, operation.body))
    yield fill("{}: {}", attribute("upload"), symbol("app.core.uploads", "Upload"))
    if operation.keyed:
        yield request_field(entity)
