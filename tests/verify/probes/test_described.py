"""What a description says of an operation is held against the spec."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verify.oracle.test_planning import operation
from tests.verify.serving import ROOT, TASKHUB
from tospec.lowering.backend import backend_of
from tospec.model import Kind, System
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.syntax import read
from tospec.verify.probes.described import Description
from tospec.verify.probes.document import operations_in, schema_of
from tospec.verify.probes.routes import normalized

SPECS = (TASKHUB, *sorted((ROOT / "tests/specs").glob("*.md")), ROOT / "examples/todo")

type Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    text = (TASKHUB / "backend" / "docs" / "openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def faults(system: System, name: str, document: dict[str, Any]) -> list[str]:
    asked = operation(system, name)
    told = operations_in(document)[asked.method, normalized(asked.path)]
    return list(Description(system, asked, told, document).faults())


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_the_description_of_a_built_backend_is_what_its_spec_says(spec: Path) -> None:
    system = read(spec).system
    assert system is not None
    files = PROFILE.render(backend_of(system, CqrsPlaces()))
    (text,) = (file.text for file in files if file.path == "docs/openapi.json")

    for each in system.operations:
        if each.kind is not Kind.ACCOUNT:
            assert faults(system, each.name, json.loads(text)) == [], each.name


def _schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def _parameters(document: dict[str, Any], path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["paths"][path]["get"]["parameters"]
    return found


def _named(document: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    return next(each for each in _parameters(document, path) if each["name"] == name)


def _forget_conflicts(document: dict[str, Any]) -> None:
    responses = document["paths"]["/v1/tasks/{task_id}/start"]["post"]["responses"]
    del responses["409"]["content"]["application/problem+json"]["examples"]["task-unassigned"]


@pytest.mark.parametrize(
    ("name", "spoil", "told"),
    [
        (
            "ListTasks",
            lambda d: _parameters(d, "/v1/tasks").remove(_named(d, "/v1/tasks", "priority")),
            "parameter priority is missing",
        ),
        (
            "ListLabels",
            lambda d: _parameters(d, "/v1/labels").append({"name": "color", "in": "query"}),
            "parameter color is not in the spec",
        ),
        (
            "ListLabels",
            lambda d: _named(d, "/v1/labels", "sort")["schema"].update(default="-name"),
            "sort is -name by default, not name",
        ),
        (
            "ListLabels",
            lambda d: _named(d, "/v1/labels", "sort")["schema"]["enum"].append("color"),
            "sort color is not in the spec",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskPriority")["enum"].remove("urgent"),
            "value of priority urgent is missing",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskCreate")["required"].append("parent_id"),
            "required member parent_id is not in the spec",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskCreate")["properties"].update(number={"type": "integer"}),
            "member number is not in the spec",
        ),
        (
            "UpdateTask",
            lambda d: _schema(d, "TaskUpdate")["properties"]["title"].update(maxLength=254),
            "title has the maxLength 254, not 255",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskCreate")["properties"]["label_ids"].update(maxItems=21),
            "label_ids has at most 21 items, not 20",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskCreate")["properties"].update(due_at={"type": "string"}),
            "due_at does not take null",
        ),
        (
            "CreateTask",
            lambda d: _schema(d, "TaskCreate")["properties"]["priority"].update(default="low"),
            "priority is 'low' by default",
        ),
        (
            "GetTask",
            lambda d: _schema(d, "TaskDetail")["properties"].pop("estimate"),
            "member of the answer estimate is missing",
        ),
        ("StartTask", _forget_conflicts, "error 409 TASK_UNASSIGNED is missing"),
    ],
)
def test_what_it_says_otherwise_is_told(
    name: str, spoil: Spoil, told: str, system: System, document: dict[str, Any]
) -> None:
    spoilt = copy.deepcopy(document)
    spoil(spoilt)

    assert faults(system, name, document) == []
    assert told in faults(system, name, spoilt)


def test_what_it_leaves_unsaid_of_a_value_is_no_fault(
    system: System, document: dict[str, Any]
) -> None:
    vague = copy.deepcopy(document)
    vague["components"]["schemas"]["TaskCreate"]["properties"]["title"] = {}
    vague["paths"]["/v1/tasks/{task_id}/start"]["post"]["responses"] = {"200": {}}

    assert faults(system, "CreateTask", vague) == []
    assert faults(system, "StartTask", vague) == []


def test_an_alternative_to_null_is_seen_through_in_every_notation() -> None:
    document = {"components": {"schemas": {"Name": {"type": "string", "maxLength": 3}}}}
    reference = {"$ref": "#/components/schemas/Name"}
    for schema in ({"anyOf": [reference, {"type": "null"}]}, {"allOf": [reference], "nullable": 1}):
        found = schema_of(document, schema)
        assert (found["maxLength"], found["nullable"]) == (3, True)
    assert schema_of(document, reference)["nullable"] is False
    assert schema_of(document, {"type": ["string", "null"]})["nullable"] is True
    assert schema_of(document, {"$ref": "#/components/schemas/Other"}) == {"nullable": False}
