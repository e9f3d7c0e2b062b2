"""The document of a backend has the operations of its spec's model, and no others."""

import json
import re
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT
from tospec.lowering.backend import backend_of
from tospec.model import Bulk, Operation, System
from tospec.output import Tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.profiles.cqrs.render.openapi import render_openapi
from tospec.syntax import read

SPECS = (*sorted((ROOT / "tests/specs").glob("*.md")), ROOT / "examples/todo")
OF_THE_SERVICE = frozenset({"/docs", "/health", "/livez", "/metrics", "/openapi.json", "/readyz"})
AUDIT_LIST = ("GET", "/v1/audit-entries")


def system_of(path: Path) -> System:
    reading = read(path)
    assert reading.system is not None, reading.diagnostics
    return reading.system


def general(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def served(system: System) -> set[tuple[str, str]]:
    document = json.loads(render_openapi(backend_of(system, CqrsPlaces()), ""))
    return {
        (method.upper(), general(path))
        for path, methods in document["paths"].items()
        for method in methods
        if path not in OF_THE_SERVICE and not path.startswith("/problems")
    }


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_they_are_those_of_the_model(path: Path) -> None:
    system = system_of(path)

    asked_for: tuple[Operation | Bulk, ...] = (*system.operations, *system.bulks)
    assert served(system) == {(each.method, general(each.path)) for each in asked_for}


def test_no_operation_reads_a_trail_that_the_spec_lets_nobody_read() -> None:
    without, with_reader = (
        system_of(ROOT / path) for path in ("examples/todo", "tests/specs/library.md")
    )

    assert (without.audit, AUDIT_LIST in served(without)) == (None, False)
    assert (with_reader.audit is None, AUDIT_LIST in served(with_reader)) == (False, True)


def test_nor_does_a_file_of_the_backend() -> None:
    systems = (system_of(ROOT / path) for path in ("examples/todo", "tests/specs/library.md"))
    without, with_reader = (PROFILE.render(backend_of(each, CqrsPlaces())) for each in systems)

    def about(tree: Tree) -> list[str]:
        return [f.path for f in tree if "ListAuditEntries" in f.text or "READ_AUDIT" in f.text]

    assert about(without) == []
    assert len(about(with_reader)) > 3


def test_nothing_keeps_answers_unless_operations_take_a_key() -> None:
    systems = (system_of(ROOT / path) for path in ("examples/todo", "examples/taskhub"))
    without, with_keys = (PROFILE.render(backend_of(each, CqrsPlaces())) for each in systems)

    def about(tree: Tree) -> list[str]:
        return [f.path for f in tree if "idempotency" in (f.path + f.text).lower()]

    assert about(without) == []
    assert {"app/api/idempotency.py", "migrations/versions/0001_accounts.py"} <= {*about(with_keys)}
