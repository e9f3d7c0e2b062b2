"""Scenarios about tasks, as the requirements tell them."""

import pytest

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from tests.calls.tasks import COMPLETE_TASK, CREATE_TASK, LIST_TASKS, START_TASK, UPDATE_TASK
from tests.factories.projects import make_project
from tests.factories.tasks import find_task, make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-011")
async def test_nobody_is_assigned_to_a_task_of_a_project_that_they_cannot_see(world: World) -> None:
    """Nobody is assigned to a task of a project that they cannot see"""
    ada = world.home[Role.ADMIN]
    mia = world.home[Role.MEMBER]
    secret = await make_project(ada, visibility="private")
    ship = await make_task(ada, project_id=secret.id)
    call = UPDATE_TASK.call(
        task_id=ship.id, body={"assignee_id": str(mia.id)}, if_match=entity_tag(ship)
    )
    before = await find_task(ada, ship.id)

    response = await ada.send(call)

    assert refused(response) == (409, "ASSIGNEE_CANNOT_SEE_PROJECT")
    assert await find_task(ada, ship.id) == before


@pytest.mark.requirement("REQ-011")
async def test_a_fourth_level_of_subtasks_is_refused(world: World) -> None:
    """A fourth level of subtasks is refused"""
    ada = world.home[Role.ADMIN]
    ship = await make_task(ada)
    hull = await make_task(ada, project_id=ship.project_id, parent_id=ship.id)
    deck = await make_task(ada, project_id=ship.project_id, parent_id=hull.id)
    call = (await CREATE_TASK.arrange(ada)).sending(
        title="Plank", project_id=str(ship.project_id), parent_id=str(deck.id)
    )

    response = await ada.send(call)

    assert refused(response) == (409, "TASK_NESTING")


@pytest.mark.requirement("REQ-012")
async def test_a_task_without_an_assignee_cannot_start(world: World) -> None:
    """A task without an assignee cannot start"""
    ada = world.home[Role.ADMIN]
    ship = await make_task(ada)
    call = START_TASK.call(task_id=ship.id)
    before = await find_task(ada, ship.id)

    response = await ada.send(call)

    assert refused(response) == (409, "TASK_UNASSIGNED")
    assert await find_task(ada, ship.id) == before


@pytest.mark.requirement("REQ-012")
async def test_a_member_cannot_complete_a_task_that_is_not_theirs(world: World) -> None:
    """A member cannot complete a task that is not theirs"""
    mia = world.home[Role.MEMBER]
    noah = await world.join(Role.MEMBER)
    ship = await make_task(noah, assignee_id=noah.id, status="in_review")
    call = COMPLETE_TASK.call(task_id=ship.id)
    before = await find_task(noah, ship.id)

    response = await mia.send(call)

    assert refused(response) == (403, "permission-denied")
    assert await find_task(noah, ship.id) == before


@pytest.mark.requirement("REQ-012")
async def test_a_task_with_an_open_subtask_cannot_be_completed(world: World) -> None:
    """A task with an open subtask cannot be completed"""
    ada = world.home[Role.ADMIN]
    noah = world.home[Role.MEMBER]
    ship = await make_task(noah, assignee_id=noah.id, status="in_review")
    await make_task(noah, project_id=ship.project_id, parent_id=ship.id)
    call = COMPLETE_TASK.call(task_id=ship.id)
    before = await find_task(noah, ship.id)

    response = await ada.send(call)

    assert refused(response) == (409, "OPEN_SUBTASKS")
    assert await find_task(noah, ship.id) == before


@pytest.mark.requirement("REQ-012")
async def test_the_assignee_does_not_review_their_own_work_where_the_project_forbids_it(
    world: World,
) -> None:
    """The assignee does not review their own work where the project forbids it"""
    ada = world.home[Role.ADMIN]
    noah = world.home[Role.MEMBER]
    careful = await make_project(ada, reviewed_by_others=True)
    ship = await make_task(noah, project_id=careful.id, assignee_id=noah.id, status="in_review")
    call = COMPLETE_TASK.call(task_id=ship.id)
    before = await find_task(noah, ship.id)

    response = await noah.send(call)

    assert refused(response) == (409, "SELF_REVIEW")
    assert await find_task(noah, ship.id) == before


@pytest.mark.requirement("REQ-015")
async def test_a_list_leaves_out_the_tasks_of_a_private_project(world: World) -> None:
    """A list leaves out the tasks of a private project"""
    mia = world.home[Role.MEMBER]
    ada = world.home[Role.ADMIN]
    secret = await make_project(ada, visibility="private")
    hidden = await make_task(ada, project_id=secret.id)
    call = await LIST_TASKS.arrange(mia)

    response = await mia.send(call)

    assert response.status_code == 200, response.text
    assert str(hidden.id) not in [item["id"] for item in response.json()["items"]]
