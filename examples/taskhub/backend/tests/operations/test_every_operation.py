"""What every operation of the service does, as its document lists them."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from tests.requirements import OPERATIONS
from tests.world import World, faults, problem, refused

DOCUMENT: Final = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_bytes())
_PLACE: Final = re.compile(r"\{\w+\}")


def each_operation(where: Callable[[str, dict[str, Any]], bool]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for the method and path of each operation that fits."""
    return pytest.mark.parametrize(("method", "path"), list(_operations(where)))


def _operations(where: Callable[[str, dict[str, Any]], bool]) -> Iterator[Any]:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            if where(path, operation):
                yield pytest.param(method.upper(), path, id=operation["operationId"])


def takes_json(operation: dict[str, Any]) -> bool:
    """Return whether an operation reads JSON rather than a file, or nothing."""
    return "application/json" in operation.get("requestBody", {}).get("content", {})


def is_signed(operation: dict[str, Any]) -> bool:
    """Return whether only who can sign what it reads is served."""
    return any(each["name"] == "Webhook-Signature" for each in operation.get("parameters", ()))


def told(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what an operation answers; none for one that changes something."""
    if "requestBody" in operation:
        return {}
    content = operation["responses"].get("200", {}).get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def unlike(schema: dict[str, Any], value: object, place: str = "#") -> list[str]:
    """Return where a value has other members than its schema."""
    name = schema.get("$ref", "").rpartition("/")[2]
    known = DOCUMENT["components"]["schemas"][name] if name else schema
    if isinstance(value, list):
        items = known.get("items", {})
        found = (unlike(items, each, f"{place}/{at}") for at, each in enumerate(value))
        return [where for each in found for where in each]
    if not isinstance(value, dict) or "properties" not in known:
        return []
    if value.keys() != known["properties"].keys():
        return [place]
    members = known["properties"].items()
    inside = (unlike(each, value[name], f"{place}/{name}") for name, each in members)
    return [where for each in inside for where in each]


@each_operation(lambda _, operation: "security" in operation)
async def test_nobody_is_served_without_a_token(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await client.request(method, _PLACE.sub(str(uuid4()), path))

    assert refused(response) == (401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


@each_operation(lambda path, operation: "requestBody" not in operation and "{" not in path)
async def test_parameters_that_it_does_not_know_are_refused(
    world: World, method: str, path: str
) -> None:
    response = await asked(world, method, path, parameters={"nonsense": "1"})

    assert faults(response) == [("?", "unknown")]


@each_operation(lambda path, each: takes_json(each) and not is_signed(each) and "{" not in path)
async def test_a_body_that_is_no_object_is_refused(world: World, method: str, path: str) -> None:
    response = await asked(world, method, path, body=[])

    assert [place for place, _ in faults(response)] == ["#"]


@each_operation(lambda path, each: "security" in each and "{" not in path and bool(told(each)))
async def test_an_answer_has_the_members_that_the_document_tells(
    world: World, method: str, path: str
) -> None:
    response = await asked(world, method, path)

    assert response.status_code == 200
    assert unlike(told(DOCUMENT["paths"][path][method.lower()]), response.json()) == []


def test_an_answer_with_other_members_is_told_apart() -> None:
    tag = {"properties": {"id": {"type": "string"}, "of": {"items": {"properties": {"name": {}}}}}}

    assert unlike(tag, {"id": "1", "of": [{"name": "a"}]}) == []
    assert unlike(tag, {"id": "1", "of": [{"name": "a"}, {}]}) == ["#/of/1"]
    assert unlike(tag, {"of": [], "more": 1}) == ["#"]


@pytest.mark.requirement(*OPERATIONS)
async def test_a_kind_of_problem_that_there_is_not(client: httpx.AsyncClient) -> None:
    response = await client.get("/problems/nonsense")

    assert response.status_code == 404
    assert problem(response)["code"] == "not-found"


@pytest.mark.requirement(*OPERATIONS)
async def test_a_service_that_runs_is_ready(client: httpx.AsyncClient) -> None:
    response = await client.get("/readyz")

    assert response.status_code == 200
    assert response.json()


async def asked(world: World, method: str, path: str, **request: Any) -> httpx.Response:
    """Return what the first person is answered whose role may ask."""
    for person in world.home:
        response = await person.request(method, path, **request)
        if response.status_code != 403:
            break
    return response
