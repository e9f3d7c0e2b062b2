"""What the model says that operations on accounts answer is what the document says."""

import json
from typing import Any

import pytest

from tests.lowering.specs import ROOT
from tospec.lowering.backend import backend_of
from tospec.model import Kind, Operation, System
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.render.openapi import render_openapi
from tospec.syntax import read

BESIDE = {"InviteUser": {"token"}}
"""What is told once, and belongs to no row."""


@pytest.fixture(scope="module")
def system() -> System:
    reading = read(ROOT / "tests/specs/library.md")
    assert reading.system is not None, reading.diagnostics
    return reading.system


@pytest.fixture(scope="module")
def document(system: System) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_openapi(backend_of(system, CqrsPlaces()), ""))
    return found


def test_both_name_the_same_members(system: System, document: dict[str, Any]) -> None:
    asked = [o for o in system.operations if o.kind is Kind.ACCOUNT and o.view]

    assert len(asked) == 9
    for operation in asked:
        schema = row_schema(document, operation)
        said = said_by_model(system, operation.view or "")
        told = said_by_document(document, schema)
        extra: dict[str, Any] = {name: {} for name in BESIDE.get(operation.name, ())}
        assert told == said | extra, operation.name


def test_who_is_signed_in_is_a_person_a_tenant_and_permissions(system: System) -> None:
    me = next(each for each in system.operations if each.name == "GetMe")

    assert said_by_model(system, me.view or "") == {
        "user": {name: {} for name in ("id", "email", "name", "handle", "role")},
        "tenant": {"id": {}, "name": {}},
        "permissions": {},
    }


def said_by_model(system: System, name: str) -> dict[str, Any]:
    """Return the members of a view, each with those inside it."""
    view = system.view(name)
    parts = {part: said_by_model(system, shown) for part, shown in view.parts}
    return {name: {} for name in (*view.fields, *view.texts)} | parts


def said_by_document(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    schema = resolved(document, schema)
    members = schema.get("properties", {})
    return {name: said_by_document(document, each) for name, each in members.items()}


def row_schema(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Return the schema of an answer, or of one row of a list."""
    path = next(p for p in document["paths"] if same(p, operation.path))
    answers = document["paths"][path][operation.method.lower()]["responses"]
    told = next(answer for status, answer in answers.items() if status.startswith("2"))
    schema = resolved(document, told["content"]["application/json"]["schema"])
    items = schema["properties"].get("items")
    return dict(items["items"]) if items else dict(schema)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema


def same(one: str, other: str) -> bool:
    def parts(path: str) -> list[str]:
        return ["{}" if part.startswith("{") else part for part in path.split("/")]

    return parts(one) == parts(other)
