"""Prints what the documents of every backend have in common, as JSON.

To be run inside a backend, whose modules it asks; `tests.profiles.scaffolding` does so and keeps
the answer beside the profile's renderers.
"""

import json
import sys
from typing import Any, Final

from app.api import routing
from app.api.idempotency import PARAMETER, IdempotencyReader
from app.api.parameters import header_parameter, query_parameters
from app.api.problems import error_types, status_of
from app.models.role import Role
from app.schemas import fields
from app.schemas.page import ListParameters
from app.security.password_rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from app.server import describe_api
from pydantic import TypeAdapter

_TAGS: Final = frozenset({"accounts", "audit", "background", "operations", "webhooks"})
_TYPES: Final = {
    "str": str,
    "int": int,
    "bool": bool,
    "UUID": fields.UUID,
    "dict[str, Any]": dict[str, Any],
    "tuple[UUID, ...]": tuple[fields.UUID, ...],
    **{
        name: vars(fields)[name]
        for name in (
            "Date",
            "DecimalText",
            "Duration",
            "Email",
            "Id",
            "Ids",
            "Instant",
            "Int64",
            "JsonObject",
            "QueryBool",
            "QueryInt",
            "SearchText",
            "Slug",
            "Url",
        )
    },
}


def common() -> dict[str, Any]:
    """Return what does not depend on the spec, with `@name` where a value of it belongs."""
    document = describe_api()
    by_slug = {error.slug: name for name, error in _errors().items()}
    paths = {
        path: {method: _told(each, by_slug) for method, each in methods.items()}
        for path, methods in document["paths"].items()
        if all(_TAGS.intersection(each["tags"]) for each in methods.values())
    }
    schemas = document["components"]["schemas"]
    names = _reachable([paths, {"$ref": "#/components/schemas/Problem"}], schemas)
    return {
        "openapi": document["openapi"],
        "servers": document["servers"],
        "securitySchemes": document["components"]["securitySchemes"],
        "paths": _general(paths),
        "schemas": _general({name: schemas[name] for name in sorted(names)}),
        "errors": {name: _problem(error) for name, error in _errors().items()},
        "always": _names(routing._ALWAYS),
        "raised": {reader.__name__: _names(each) for reader, each in _of_readers().items()},
        "page": query_parameters(ListParameters),
        "key": PARAMETER,
        "condition": header_parameter("If-Match", required=False),
        "types": {name: TypeAdapter(type_).json_schema() for name, type_ in _TYPES.items()},
    }


def _of_readers() -> dict[Any, Any]:
    return {**routing._OF_READER, IdempotencyReader: IdempotencyReader.raises}


def _errors() -> dict[str, Any]:
    own = {name: error for name, error in _named(error_types()) if _is_common(error)}
    return dict(sorted(own.items()))


def _named(types: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(error.__name__, error) for error in types.values()]


def _is_common(error: Any) -> bool:
    return str(error.__module__).startswith("app.core.")


def _problem(error: Any) -> dict[str, Any]:
    code = error.code or error.slug
    return {"slug": error.slug, "title": error.title, "status": status_of(error), "code": code}


def _names(errors: Any) -> list[str]:
    return [error.__name__ for error in errors]


def _told(operation: dict[str, Any], by_slug: dict[str, str]) -> dict[str, Any]:
    """Replace the problems of an operation by the names of their errors."""
    raised: list[str] = []
    responses = {}
    for status, response in operation["responses"].items():
        if problems := response.get("content", {}).get("application/problem+json"):
            raised.extend(by_slug[slug] for slug in problems["examples"])
        else:
            responses[status] = response
    return operation | {"responses": responses, "raises": sorted(raised)}


def _reachable(value: Any, schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
            name = str(each.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def _general(value: Any) -> Any:
    """Replace what a spec says by its name."""
    if isinstance(value, list):
        return [_general(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _general(each) for key, each in value.items()}
    if value.get("title") == "Role" and value.get("enum") == [role.value for role in Role]:
        found["enum"] = "@roles"
    if value.get("title") == "WebhookEvent":
        found["enum"] = "@webhook_events"
    if value.get("format") == "password":
        marks = {
            ("minLength", MIN_PASSWORD_LENGTH): "@least_password",
            ("maxLength", MAX_PASSWORD_LENGTH): "@greatest_password",
        }
        found |= {key: mark for (key, given), mark in marks.items() if value.get(key) == given}
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(common(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
