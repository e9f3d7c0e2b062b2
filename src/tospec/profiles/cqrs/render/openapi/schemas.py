"""Bodies, views and enums as components of the document."""

from collections.abc import Iterable, Iterator

from tospec.ir.logic import Resource
from tospec.ir.operations import Operation, OperationKind
from tospec.ir.schemas import Body, Member, View
from tospec.profiles.cqrs.render.members import is_required
from tospec.profiles.cqrs.render.openapi.bulks import bulk_components
from tospec.profiles.cqrs.render.openapi.common import REFERENCE, Schema
from tospec.profiles.cqrs.render.openapi.members import Members, enum_schema
from tospec.python import docstring_value


def components(resource: Resource, members: Members) -> Iterator[tuple[str, Schema]]:
    """Return the schemas of an entity that its operations use, by name."""
    operations = [case.operation for case in resource.operations]
    sent = {operation.body for operation in operations if not operation.upload}
    shown = {operation.view for operation in operations}
    bodies = [body for body in resource.schemas.bodies if body.type in sent]
    views = [view for view in resource.schemas.views if view.type in shown]
    yield from ((body.type, _body(body, members)) for body in bodies)
    yield from ((view.type, _view(view, members)) for view in views)
    used = [*(body.members for body in bodies), *(view.members for view in views)]
    yield from _enums(resource, (member for each in used for member in each))
    yield from (_page(operation) for operation in operations if _is_list(operation))
    by_type = {body.type: body for body in resource.schemas.bodies}
    for operation in operations:
        yield from bulk_components(operation, by_type, members)


def answer_name(operation: Operation) -> str | None:
    """Return the name of the schema of an operation's answer, if it has one."""
    if operation.bulk:
        return f"BulkView_{operation.view}_"
    return f"PageView_{operation.view}_" if _is_list(operation) else operation.view


def _is_list(operation: Operation) -> bool:
    return operation.kind is OperationKind.LIST


def _body(body: Body, members: Members) -> Schema:
    properties = {
        member.name: members.sent(member, has_default=not body.is_change) for member in body.members
    }
    asked = [m.name for m in body.members if is_required(m) and not body.is_change]
    return {
        "title": body.type,
        "description": docstring_value(body.about, indent=4),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    } | ({"required": asked} if asked else {})


def _view(view: View, members: Members) -> Schema:
    return {
        "title": view.type,
        "description": docstring_value(view.about, indent=4),
        "type": "object",
        "properties": {member.name: members.shown(member) for member in view.members},
        "required": [member.name for member in view.members],
    }


def _enums(resource: Resource, found: Iterable[Member]) -> Iterator[tuple[str, Schema]]:
    for enum in dict.fromkeys(member.enum for member in found):
        if enum is not None:
            yield enum.type, enum_schema(resource.entity.names, enum)


def _page(operation: Operation) -> tuple[str, Schema]:
    item = {"$ref": f"{REFERENCE}{operation.view}"}
    following = {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Next"}
    schema = {
        "title": f"PageView[{operation.view}]",
        "type": "object",
        "properties": {
            "items": {"items": item, "type": "array", "title": "Items"},
            "next": following,
        },
        "required": ["items", "next"],
    }
    return f"PageView_{operation.view}_", schema
