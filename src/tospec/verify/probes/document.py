"""The description that a target serves: its operations, and its schemas without indirections."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tospec.verify.base import Answer, Stage
from tospec.verify.probes.routes import normalized

PATH: Final = "/openapi.json"
_METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "head", "trace", "query")
_DEEPEST: Final = 8

type Described = Mapping[tuple[str, str], Mapping[str, Any]]
"""Operations of a description by method and path without names of parameters."""


def document_of(stage: Stage) -> Any:
    """Return the description; None where it is not served, as in production."""
    answer: Answer = stage.shared("openapi", lambda: stage.send(None, "GET", PATH))
    return answer.json if answer.status == 200 else None


def operations_in(document: Any) -> Described:
    """Return the operations of a description; those of a path share its parameters."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for path, item in mapping(mapping(document).get("paths")).items():
        for method, told in mapping(item).items():
            if method in _METHODS and isinstance(told, dict):
                shared = {"parameters": [*listed(item, "parameters"), *listed(told, "parameters")]}
                found[method.upper(), normalized(path)] = {**told, **shared}
    return found


def mapping(json: Any) -> Mapping[str, Any]:
    """Return a JSON object; an empty one instead of anything else."""
    return json if isinstance(json, dict) else {}


def listed(json: Any, name: str) -> list[Any]:
    """Return a member that is a list; an empty one instead of anything else."""
    found = mapping(json).get(name)
    return found if isinstance(found, list) else []


def resolved(document: Any, json: Any, depth: int = 0) -> Mapping[str, Any]:
    """Return what a reference in a description leads to; an object that is none stays."""
    target = mapping(json).get("$ref")
    if not isinstance(target, str) or depth > _DEEPEST:
        return mapping(json)
    found: Any = document
    for part in target.removeprefix("#/").split("/"):
        found = mapping(found).get(part.replace("~1", "/").replace("~0", "~"))
    beside = {name: value for name, value in mapping(json).items() if name != "$ref"}
    return {**resolved(document, found, depth + 1), **beside}


def schema_of(document: Any, json: Any, depth: int = 0) -> dict[str, Any]:
    """Return the keywords of a schema, those of its only alternative to null among them.

    `nullable` says whether it takes null.
    """
    schema = dict(resolved(document, json))
    if depth > _DEEPEST:
        return schema
    options = [*listed(schema, "anyOf"), *listed(schema, "oneOf")]
    others = [each for each in options if mapping(each).get("type") != "null"]
    inner = [*listed(schema, "allOf"), *(others if len(others) == 1 else [])]
    for each in inner:
        schema = {**schema_of(document, each, depth + 1), **schema}
    types = schema.get("type")
    has_null = len(others) < len(options) or (isinstance(types, list) and "null" in types)
    return {**schema, "nullable": bool(schema.get("nullable")) or has_null}


def content_of(document: Any, json: Any) -> dict[str, Any]:
    """Return the schema of the JSON that a body or an answer holds; empty when none is told."""
    content = mapping(resolved(document, json).get("content"))
    told = mapping(content.get("application/json")).get("schema")
    return {} if told is None else schema_of(document, told)


def codes_in(document: Any, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the statuses and codes of the problems of which an operation gives examples."""
    for status, answer in mapping(told.get("responses")).items():
        for media in mapping(resolved(document, answer).get("content")).values():
            for example in mapping(mapping(media).get("examples")).values():
                code = mapping(mapping(resolved(document, example)).get("value")).get("code")
                if isinstance(code, str):
                    yield status, code
