"""Messages: what a handler is asked, and where its module is."""

from tospec.ir.entities import Entity
from tospec.ir.operations import Operation
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, attribute, docstring, fill, symbol


def message(operation: Operation, result: Code, fields: list[Code]) -> Code:
    """Return the class of an operation's message."""
    return TEMPLATES.render(
        "message.py.j2",
        type=type_name(operation.name),
        result=result,
        docstring=docstring(operation.about, indent=4),
        permission=_permission(operation),
        fields=fields,
    )


def message_class(entity: Entity, operation: Operation) -> Code:
    """Return the use of an operation's message."""
    return symbol(operation_module(entity, operation), operation.name)


def handler_class(entity: Entity, operation: Operation) -> Code:
    """Return the use of an operation's handler."""
    return symbol(operation_module(entity, operation), f"{operation.name}Handler")


def operation_module(entity: Entity, operation: Operation) -> str:
    """Return the module of an operation."""
    room = "queries" if operation.kind.is_query else "commands"
    return f"app.{room}.{entity.names.plural}.{operation.function}"


def id_field(name: str) -> Code:
    """Return the field of a message that holds an id."""
    return fill("{}: {}", attribute(name), symbol("uuid", "UUID"))


def payload_field(name: str, type_: Code) -> Code:
    """Return the field of a message that holds input."""
    return fill("{}: {}[{}]", attribute(name), symbol("app.core.inputs", "Payload"), type_)


def schema(entity: Entity, type_: str) -> Code:
    """Return the use of a class of the entity's wire format."""
    return symbol(f"app.schemas.{entity.names.plural}", type_name(type_).text)


def _permission(operation: Operation) -> Code:
    if operation.permission is None:
        permission = symbol("app.authorization.permissions", "Permission")
        return fill("[{} | None] = None", permission)
    return fill(" = {}", places.permission(operation.permission))
