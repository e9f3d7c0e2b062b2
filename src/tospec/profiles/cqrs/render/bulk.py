"""`app/commands/<entities>/<bulk>.py`: several changes, each as if it had been asked for alone."""

from collections.abc import Iterator

from tospec.ir.bulks import BulkItem
from tospec.ir.entities import Entity
from tospec.ir.logic import UseCase
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.messages import message, payload_field, schema
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, attribute, docstring, fill, join, module, symbol


def render_bulk(case: UseCase, path: str) -> str:
    """Return the module of one bulk."""
    entity, operation = case.entity, case.operation
    items = operation.bulk.items if operation.bulk else ()
    outcome = symbol("app.core.bulk", "Outcome")
    model = places.model(entity.names)
    result = fill("{}[{}[{}]]", symbol("collections.abc", "Sequence"), outcome, model)
    body = TEMPLATES.render(
        "bulk.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, result, [payload_field("body", _body(case))]),
        result=result,
        docstring=docstring(f"Carries out `{operation.name}` in one transaction.", indent=4),
        model=model,
        table=_table(entity.names),
        policy=places.policy(entity.names),
        parts=[_part(entity, item) for item in items],
        functions=[_function(entity, item) for item in items],
    )
    return module(operation_header(operation), body, artifact=path)


def _table(names: EntityNames) -> Code:
    repository = symbol(f"app.repositories.{names.plural}", f"{names.type}Repository")
    return fill("{}.table", repository)


def _body(case: UseCase) -> Code:
    return schema(case.entity, case.operation.body or "")


def _part(entity: Entity, item: BulkItem) -> tuple[Code, Code, Code]:
    handler = symbol(_module(entity, item), f"{item.operation}Handler")
    return schema(entity, item.type), _name(item), handler


def _name(item: BulkItem) -> Code:
    return fill("_{}", attribute(item.function))


def _function(entity: Entity, item: BulkItem) -> tuple[Code, Code, Code, Code]:
    """Return name, item, message and the call that makes the message of an item."""
    told = symbol(_module(entity, item), item.operation)
    call = fill("{}({})", told, join(", ", _arguments(entity, item)))
    return _name(item), schema(entity, item.type), told, call


def _arguments(entity: Entity, item: BulkItem) -> Iterator[Code]:
    yield fill("{}_id=item.id", attribute(entity.names.singular))
    if item.is_update:
        wanted = schema(entity, item.body or "")
        chosen = fill("{}(item, {})", symbol("app.schemas.bulk", "changes_of"), wanted)
        yield fill("changes={}.of({})", _payload(), chosen)
    elif item.body:
        yield fill("body={}.of(item)", _payload())
    if item.versioned:
        yield fill("condition={}(item)", symbol("app.schemas.bulk", "condition_of"))


def _payload() -> Code:
    return symbol("app.core.inputs", "Payload")


def _module(entity: Entity, item: BulkItem) -> str:
    return f"app.commands.{entity.names.plural}.{item.function}"
