"""Tasks: every transition from every state (REQ-011)."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import (
    CANCEL_TASK,
    COMPLETE_TASK,
    CREATE_TASK,
    REOPEN_TASK,
    START_TASK,
    SUBMIT_TASK,
)
from tests.cases import Operation, named
from tests.factories.tasks import find_task
from tests.world import World, problem, refused

pytestmark = pytest.mark.requirement("REQ-011", "REQ-012")

MOVES: Final = [
    ("todo", START_TASK, "in_progress"),
    ("in_progress", SUBMIT_TASK, "in_review"),
    ("in_review", COMPLETE_TASK, "done"),
    ("todo", CANCEL_TASK, "cancelled"),
    ("in_progress", CANCEL_TASK, "cancelled"),
    ("in_review", CANCEL_TASK, "cancelled"),
    ("done", REOPEN_TASK, "todo"),
    ("cancelled", REOPEN_TASK, "todo"),
]
REFUSED: Final = [
    ("todo", SUBMIT_TASK),
    ("todo", COMPLETE_TASK),
    ("todo", REOPEN_TASK),
    ("in_progress", START_TASK),
    ("in_progress", COMPLETE_TASK),
    ("in_progress", REOPEN_TASK),
    ("in_review", START_TASK),
    ("in_review", SUBMIT_TASK),
    ("in_review", REOPEN_TASK),
    ("done", START_TASK),
    ("done", SUBMIT_TASK),
    ("done", COMPLETE_TASK),
    ("done", CANCEL_TASK),
    ("cancelled", START_TASK),
    ("cancelled", SUBMIT_TASK),
    ("cancelled", COMPLETE_TASK),
    ("cancelled", CANCEL_TASK),
]
ALLOWED: Final = {
    "todo": ["cancel", "start"],
    "in_progress": ["cancel", "submit"],
    "in_review": ["cancel", "complete"],
    "done": ["reopen"],
    "cancelled": ["reopen"],
}


async def test_a_new_task_is_in_todo(world: World) -> None:
    me = world.home[CREATE_TASK.caller]

    response = await me.send(await CREATE_TASK.arrange(me))

    assert response.json()["status"] == "todo"


@pytest.mark.parametrize(("state", "operation", "target"), MOVES, ids=named)
async def test_a_transition_leads_to_its_state(
    world: World, state: str, operation: Operation, target: str
) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me, status=state)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json()["status"] == target
    after = await find_task(me, call.ids["task_id"])
    assert after is not None
    assert after.status == target
    assert after.version == 2
    [entry] = await world.audit_entries()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["status"], entry.after["status"]) == (state, target)


@pytest.mark.parametrize(("state", "operation"), REFUSED, ids=named)
async def test_what_the_lifecycle_does_not_have_is_refused(
    world: World, state: str, operation: Operation
) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me, status=state)
    before = await find_task(me, call.ids["task_id"])

    response = await me.send(call)

    assert refused(response) == (409, "invalid-transition")
    assert problem(response)["state"] == state
    assert problem(response)["allowed"] == ALLOWED[state]
    assert await find_task(me, call.ids["task_id"]) == before
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.parametrize(
    "operation", [START_TASK, SUBMIT_TASK, COMPLETE_TASK, CANCEL_TASK, REOPEN_TASK], ids=named
)
async def test_of_two_racing_transitions_one_wins(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = (await operation.arrange(me)).given(None)

    responses = await asyncio.gather(me.send(call), me.send(call))

    winner, loser = sorted(responses, key=lambda response: response.status_code)
    assert (winner.status_code, loser.status_code) == (200, 409)
    assert problem(loser)["code"] in {"invalid-transition", "concurrent-update"}
    assert len(await world.audit_entries()) == 1


async def test_complete_task_stores_what_goes_with_it(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await COMPLETE_TASK.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json()["completed_at"] is not None


async def test_cancel_task_stores_what_goes_with_it(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CANCEL_TASK.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json()["cancel_reason"] == "Reason"


async def test_reopen_task_stores_what_goes_with_it(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await REOPEN_TASK.arrange(
        me,
        completed_at=datetime(2030, 1, 31, 12, 0, 0, 0, tzinfo=UTC),
        cancel_reason="Cancel reason",
        archived_at=datetime(2030, 1, 31, 12, 0, 0, 0, tzinfo=UTC),
    )

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json()["completed_at"] is None
    assert response.json()["cancel_reason"] is None
    assert response.json()["archived_at"] is None
