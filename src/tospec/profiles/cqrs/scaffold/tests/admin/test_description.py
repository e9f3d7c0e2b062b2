"""What the page knows of the service is what the API offers."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.admin import FOLDER
from app.api.deps import PermissionGate
from tests.requirements import ADMIN

pytestmark = pytest.mark.requirement(*ADMIN)

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
DESCRIPTION = FOLDER / "description.json"
SINGLE = ("read", "create", "update", "delete", "deleted", "restore", "download")
ALWAYS = {"id", "version"}
"""What rows have and the page does not show."""
PAGING = {"limit", "cursor", "sort"}

type Json = dict[str, Any]


@cache
def document() -> Json:
    """Return the document of the API."""
    return dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


@cache
def resources() -> dict[str, Json]:
    """Return what the page knows of, by name."""
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return {each["name"]: each for each in described["resources"]}


def operations(resource: Json) -> Iterator[Json]:
    """Yield everything that the page may ask about a resource."""
    yield from (resource[name] for name in SINGLE if name in resource)
    yield from resource["commands"]
    yield from ({"method": "GET", **each} for each in resource["lists"])
    yield from (link[way] for link in resource["links"] for way in ("link", "unlink"))


def every_operation() -> list[Any]:
    """Return all operations that the page may ask for, with the resource of each."""
    return [
        pytest.param(name, each, id=f"{each['method']} {each['path']}")
        for name, resource in resources().items()
        for each in operations(resource)
    ]


def every_list() -> list[Any]:
    """Return all lists, with the resource of each."""
    return [
        pytest.param(name, each, id=each["path"])
        for name, resource in resources().items()
        for each in resource["lists"]
    ]


def documented(operation: Json) -> Json:
    """Return what the document says about an operation."""
    found: Json = document()["paths"][operation["path"]][operation["method"].lower()]
    return found


def resolved(schema: Json) -> Json:
    """Return a schema that may stand elsewhere in the document."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    return resolved(document()["components"]["schemas"][name]) if name else schema


def values_of(schema: Json) -> list[str] | None:
    """Return what an enum may be, however deep it stands in a schema."""
    found = resolved(schema)
    inner = [*found.get("anyOf", ()), *([found["items"]] if "items" in found else [])]
    return found.get("enum") or next(filter(None, map(values_of, inner)), None)


def answered(operation: Json) -> set[str]:
    """Return the members of what is answered."""
    content = documented(operation)["responses"]["200"]["content"]["application/json"]
    schema = resolved(content["schema"])
    if schema["title"].startswith("PageView["):
        schema = resolved(schema["properties"]["items"]["items"])
    return set(schema["properties"])


@pytest.mark.parametrize(("name", "operation"), every_operation())
async def test_an_operation_asks_for_the_permission_of_its_route(
    served: FastAPI, name: str, operation: Json
) -> None:
    found = [
        gate.message.permission
        for route in served.routes
        if isinstance(route, APIRoute) and route.path == operation["path"]
        if operation["method"] in (route.methods or ())
        for gate in (each.call for each in route.dependant.dependencies)
        if isinstance(gate, PermissionGate)
    ]

    assert found == [operation["permission"]], name


@pytest.mark.parametrize(("name", "operation"), every_operation())
def test_an_operation_takes_the_fields_of_its_body(name: str, operation: Json) -> None:
    told = documented(operation)
    body = told.get("requestBody", {}).get("content", {}).get("application/json")
    if body is None or "fields" not in operation:
        pointless = operation.get("max_size") is None and "fields" in operation
        assert not pointless, name
        return

    schema = resolved(body["schema"])
    fields = {field["name"]: field for field in operation["fields"]}

    assert set(fields) == set(schema["properties"])
    if operation["method"] == "POST":
        asked = {field for field, each in fields.items() if each.get("required")}
        assert asked == set(schema.get("required", ()))
    for field, each in fields.items():
        assert each.get("values") == values_of(schema["properties"][field])


@pytest.mark.parametrize(("name", "operation"), every_operation())
def test_an_operation_names_a_version_where_it_may(name: str, operation: Json) -> None:
    parameters = documented(operation).get("parameters", ())

    headers = {each["name"] for each in parameters if each["in"] == "header"}
    assert operation.get("versioned", False) is ("If-Match" in headers), name
    assert operation.get("keyed", False) is ("Idempotency-Key" in headers), name


@pytest.mark.parametrize(("name", "listing"), every_list())
def test_a_list_has_the_filters_and_orders_of_its_route(name: str, listing: Json) -> None:
    told = documented({"method": "GET", **listing})
    parameters = {each["name"]: each for each in told["parameters"] if each["in"] == "query"}

    filters = {each["name"]: each for each in listing["filters"]}
    assert set(filters) == set(parameters) - PAGING, name
    for known, value in listing.get("only", {}).items():
        assert value in filters[known]["values"]
    for known, each in filters.items():
        assert each.get("values") == values_of(parameters[known]["schema"])
    orders = {order for each in listing["sorts"] for order in (each, f"-{each}")}
    assert orders == set(parameters["sort"]["schema"]["enum"])
    assert listing["sort"] == parameters["sort"]["schema"]["default"]


@pytest.mark.parametrize("name", resources())
def test_a_row_has_the_fields_that_are_shown(name: str) -> None:
    resource = resources()[name]
    fields = {field["name"] for field in resource["fields"]}
    lists = [{"method": "GET", **each} for each in resource["lists"]]
    lists += [resource["deleted"]] if "deleted" in resource else []
    reading = [resource["read"]] if "read" in resource else []

    assert fields == set().union(*map(answered, [*reading, *lists])) - ALWAYS
    assert resource["label"] in fields | {"id"}
    for listing in lists:
        assert set(listing["columns"]) <= answered(listing) - ALWAYS


@pytest.mark.parametrize("name", resources())
def test_what_a_field_refers_to_is_known(name: str) -> None:
    resource = resources()[name]
    bodies = [field for each in operations(resource) for field in each.get("fields", ())]
    filters = [each for listing in resource["lists"] for each in listing["filters"]]

    for field in (*resource["fields"], *bodies, *filters):
        assert field.get("to", name) in resources()
        assert ("to" in field) is (field["kind"] in {"reference", "references"})
    for each in (resource.get("create", {}), *resource["lists"]):
        assert each.get("under", name) in resources()


@pytest.mark.parametrize("name", resources())
def test_what_a_command_needs_is_a_field(name: str) -> None:
    resource = resources()[name]
    fields = {field["name"] for field in resource["fields"]}

    needs = [need for command in resource["commands"] for need in command.get("needs", ())]
    assert {need["field"] for need in needs} <= fields
    assert all(("is" in need) is not ("not" in need) for need in needs)


def test_a_move_begins_and_ends_in_known_states() -> None:
    moving = [each for each in resources().values() if "state" in each]

    for resource in moving:
        [state] = [each for each in resource["fields"] if each["name"] == resource["state"]]
        moves = [each for each in resource["commands"] if "move" in each]
        reached = {each["to"] for each in moves} | {each for move in moves for each in move["from"]}
        assert reached <= set(state["values"])
