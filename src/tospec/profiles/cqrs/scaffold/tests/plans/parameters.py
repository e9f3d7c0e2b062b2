"""What lists may be asked for, as the documents of the API say it."""

import json
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

_DOCUMENT: Final = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_bytes())
_SOME: Final = {
    "boolean": "true",
    "integer": "1",
    "uuid": str(uuid4()),
    "date": "2029-01-01",
    "date-time": "2029-01-01T00:00:00Z",
    "duration": "PT1H",
}


def parameters_of(path: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of what the list at `path` may be asked for."""
    told = _DOCUMENT["paths"][path]["get"]["parameters"]
    return {each["name"]: each["schema"] for each in told if each["in"] == "query"}


def some(schema: dict[str, Any], row: Any, name: str) -> str:
    """Return a value of a parameter: the row's own where there is one."""
    if "$ref" in schema:
        schema = _DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    schema = next(iter(schema.get("anyOf", ())), schema)
    if "items" in schema:
        return some(schema["items"], row, name)
    if "enum" in schema:
        return str(schema["enum"][0])
    own = getattr(row, name, None)
    if own is not None and schema.get("format") in {None, "uuid"} and schema["type"] == "string":
        return str(own)
    return _SOME.get(schema.get("format", ""), _SOME.get(schema["type"], "title"))
