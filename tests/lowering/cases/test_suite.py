"""What is worked out from a spec alone: who is served, who is refused, and by which rule."""

from functools import cache
from pathlib import Path

import pytest

from tests.lowering.specs import ROOT, zoo
from tospec.ir.case_tables import Suite
from tospec.ir.cases import Operation
from tospec.lowering.cases.suite import suite_of
from tospec.model import System
from tospec.source import SourceText
from tospec.syntax import read_texts


@cache
def taskhub() -> System:
    sources = [
        SourceText(path.name, path.read_text(encoding="utf-8"))
        for path in sorted(Path(ROOT, "examples/taskhub").glob("*.md"))
    ]
    system = read_texts(sources).system
    assert system is not None
    return system


@cache
def suite() -> Suite:
    return suite_of(taskhub())


def operation(name: str) -> Operation:
    found = (each for entity in suite().entities for each in entity.operations)
    return next(each for each in found if each.name == name)


def test_every_operation_is_served_to_whoever_holds_its_permission() -> None:
    for entity in suite().entities:
        for each in entity.operations:
            assert each.served == each.roles != (), each.name
    assert operation("CreateLabel").roles == ("owner", "admin")
    assert operation("GetTask").roles == ("owner", "admin", "member", "viewer")


def test_every_rule_refuses_something() -> None:
    ruled = {
        (each.name, refusal.error)
        for entity in suite().entities
        for each in entity.operations
        for refusal in each.refusals
    }

    declared = {
        (each.name, requirement.error)
        for each in taskhub().operations
        for requirement in each.require
    }
    assert declared <= ruled
    assert len(declared) > 3
    tasks = ("CreateTask", "UpdateTask", "DeleteTask", "StartTask", "CompleteTask", "ReopenTask")
    assert {(name, "PROJECT_ARCHIVED") for name in tasks} <= ruled
    assert ("CreateTask", "ASSIGNEE_CANNOT_SEE_PROJECT") in ruled
    assert ("UpdateTask", "PARENT_IN_OTHER_PROJECT") in ruled
    assert ("UpdateComment", "EDIT_WINDOW_CLOSED") in ruled
    assert ("DeleteProject", "PROJECT_NOT_EMPTY") in ruled
    assert ("ListTasks", "PROJECT_ARCHIVED") not in ruled


@pytest.mark.parametrize(
    ("name", "role", "mine", "allowed"),
    [
        ("UpdateTask", "member", (), False),
        ("UpdateTask", "member", ("assignee_id",), True),
        ("UpdateTask", "member", ("created_by_id",), True),
        ("UpdateTask", "admin", (), True),
        ("SubmitTask", "owner", (), False),
        ("SubmitTask", "owner", ("assignee_id",), True),
        ("DeleteComment", "admin", (), True),
        ("UpdateComment", "admin", (), False),
    ],
)
def test_who_may_by_whose_the_row_is(
    name: str, role: str, mine: tuple[str, ...], allowed: bool
) -> None:
    cells = {(cell.role, cell.mine): cell.allowed for cell in operation(name).cells}

    assert cells[role, mine] is allowed


def test_operations_without_a_policy_have_no_cells() -> None:
    assert operation("CancelTask").cells != ()
    assert operation("GetTask").cells == ()
    assert operation("UpdateLabel").cells == ()


@pytest.mark.parametrize(
    ("name", "blind"),
    [
        ("GetProject", ("member", "viewer")),
        ("GetComment", ("member", "viewer")),
        ("UpdateTask", ("member",)),
        ("ListTasks", ("member", "viewer")),
        ("MyTasks", ("member", "viewer")),
        ("UpdateProject", ()),
        ("GetLabel", ()),
    ],
)
def test_who_does_not_see_a_hidden_row(name: str, blind: tuple[str, ...]) -> None:
    assert operation(name).blind == blind


def test_a_list_serves_requirements_of_its_own() -> None:
    assert operation("ListTasks").requirements == ("REQ-011", "REQ-015")
    assert operation("GetTask").requirements == ("REQ-011",)
    assert operation("MyTasks").requirements == ("REQ-011",)


def test_events_follow_from_what_is_sent() -> None:
    assert operation("CreateTask").events == ("TaskCreated",)
    assert operation("CompleteTask").events == ("TaskCompleted", "TaskStatusChanged")
    assert operation("UpdateTask").events == ()
    assert operation("CreateComment").events == ("CommentAdded",)
    assert operation("GetTask").events == ()


def test_the_same_spec_has_the_same_tests() -> None:
    assert suite_of(taskhub()) == suite()
    assert suite_of(zoo()) == suite_of(zoo())
    assert suite_of(zoo()) != suite()


def test_factories_make_hidden_rows_where_a_call_names_one() -> None:
    making = {each.names.type for each in suite().entities if each.factory.hidden is not None}
    named = {
        reference.names.type
        for entity in suite().entities
        for each in entity.operations
        for reference in each.references
        if reference.blind and reference.names is not None
    }
    assert making == named == {"Project", "Task"}
