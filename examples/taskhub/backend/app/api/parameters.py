"""Parameters of operations, as OpenAPI describes them."""

from typing import Any, Final

from pydantic import BaseModel

_TAG: Final = r'(?:W/)?"[!#-~]*"'
_TAGS: Final = rf"^(?:\*|{_TAG}(?:[ \t]*,[ \t]*{_TAG})*)$"


def query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the OpenAPI parameters that `model` reads from a query."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _inlined(_without_null(part), definitions),
            **({"description": part["description"]} if "description" in part else {}),
        }
        for name, part in schema.get("properties", {}).items()
    ]


def header_parameter(name: str, *, required: bool) -> dict[str, Any]:
    """Return the OpenAPI parameter for a request header that holds entity tags."""
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": "The `ETag` with which the object was read.",
        "schema": {"type": "string", "pattern": _TAGS},
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    # A query cannot hold null: a parameter that may be absent is one that is not sent.
    options = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in {"anyOf", "title"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    if len(options) == 1:
        only: dict[str, Any] = options[0]
        return kept | only
    return kept | ({"anyOf": options} if options else {})


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        others = {key: value for key, value in schema.items() if key != "$ref"}
        return _inlined(target, definitions) | others
    return {key: _inlined(value, definitions) for key, value in schema.items()}
