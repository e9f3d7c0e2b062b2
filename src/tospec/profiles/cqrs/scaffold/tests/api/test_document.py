"""`docs/openapi.json` tells of the API as it is served; after a change, `make openapi`."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.server import describe_api

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def served() -> dict[str, Any]:
    return describe_api()


def test_the_document_tells_of_what_is_served(served: dict[str, Any]) -> None:
    written = json.loads(DOCUMENT.read_text(encoding="utf-8"))

    assert different(written, served) == [], "Run `make openapi`."


def test_a_document_of_other_operations_is_told_apart(served: dict[str, Any]) -> None:
    others = {path: each for path, each in served["paths"].items() if path != "/health"}

    assert different(served | {"paths": others}, served) == ["/health"]


def different(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names of the parts in which two documents differ."""
    first, second = parts(one), parts(other)
    return [name for name in sorted(first | second) if first.get(name) != second.get(name)]


def parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return operations by path, schemas by name, and the rest."""
    rest = {name: each for name, each in document.items() if name not in {"paths", "components"}}
    schemas = document["components"]["schemas"]
    return {**rest, **document["paths"], **{f"schema {name}": schemas[name] for name in schemas}}
