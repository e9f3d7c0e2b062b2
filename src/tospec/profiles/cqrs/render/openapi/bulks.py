"""Items, bodies and answers of bulks as components of the document."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.bulks import BulkBody, BulkItem
from tospec.ir.operations import Operation
from tospec.ir.schemas import Body
from tospec.profiles.cqrs.render.bulk_schemas import bulk_about
from tospec.profiles.cqrs.render.members import is_required
from tospec.profiles.cqrs.render.openapi.common import REFERENCE, Schema
from tospec.profiles.cqrs.render.openapi.members import Members
from tospec.python import docstring_value

_ID: Final[Schema] = {"type": "string", "format": "uuid", "title": "Id"}
_VERSION: Final[Schema] = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**63},
        {"type": "null"},
    ],
    "title": "Version",
    "description": "The version in which the object is expected.",
}
_MODE: Final[Schema] = {
    "type": "string",
    "enum": ["each", "all"],
    "default": "each",
    "title": "Mode",
    "description": "`each` by itself, or `all` of them or none.",
}
_STATUS: Final[Schema] = {
    "type": "integer",
    "title": "Status",
    "description": "What the change alone would have answered.",
}


def bulk_components(
    operation: Operation, bodies: dict[str, Body], members: Members
) -> Iterator[tuple[str, Schema]]:
    """Return the schemas that only a bulk uses, by name."""
    if operation.bulk is None:
        return
    for item in operation.bulk.items:
        yield item.type, _item(item, bodies, members)
    yield operation.body or "", _body(operation, operation.bulk)
    yield f"BulkResult_{operation.view}_", _result(operation)
    yield f"BulkView_{operation.view}_", _view(operation)


def _item(item: BulkItem, bodies: dict[str, Body], members: Members) -> Schema:
    sent = () if item.is_update or item.body is None else bodies[item.body].members
    return {
        "title": item.type,
        "description": docstring_value(item.about, indent=4),
        "type": "object",
        "properties": {
            "id": _ID,
            **({"version": _VERSION} if item.versioned else {}),
            **{each.name: members.sent(each, has_default=True) for each in sent},
            "do": {"type": "string", "const": item.change, "title": "Do"},
            **{each.name: members.sent(each, has_default=False) for each in item.changed},
        },
        "required": ["id", *(each.name for each in sent if is_required(each)), "do"],
        "additionalProperties": False,
    }


def _body(operation: Operation, body: BulkBody) -> Schema:
    places = {item.change: f"{REFERENCE}{item.type}" for item in body.items}
    kinds = {
        "oneOf": [{"$ref": place} for place in places.values()],
        "discriminator": {"propertyName": "do", "mapping": places},
    }
    items = {
        "type": "array",
        "items": kinds,
        "minItems": 1,
        "maxItems": body.most,
        "title": "Items",
    }
    return {
        "title": operation.body,
        "description": docstring_value(bulk_about(operation), indent=4),
        "type": "object",
        "properties": {"mode": _MODE, "items": items},
        "required": ["items"],
        "additionalProperties": False,
    }


def _result(operation: Operation) -> Schema:
    return {
        "title": f"BulkResult[{operation.view}]",
        "type": "object",
        "properties": {
            "id": _ID,
            "status": _STATUS,
            "item": _or_nothing(operation.view or ""),
            "problem": _or_nothing("Problem"),
        },
        "required": ["id", "status"],
    }


def _or_nothing(name: str) -> Schema:
    return {"anyOf": [{"$ref": f"{REFERENCE}{name}"}, {"type": "null"}]}


def _view(operation: Operation) -> Schema:
    results = {"$ref": f"{REFERENCE}BulkResult_{operation.view}_"}
    return {
        "title": f"BulkView[{operation.view}]",
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": results, "title": "Results"},
            "succeeded": {"type": "integer", "title": "Succeeded"},
            "failed": {"type": "integer", "title": "Failed"},
        },
        "required": ["results", "succeeded", "failed"],
    }
