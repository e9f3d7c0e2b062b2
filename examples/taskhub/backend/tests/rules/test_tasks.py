"""Tasks: what their rules refuse (REQ-011)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import (
    CANCEL_TASK,
    COMPLETE_TASK,
    CREATE_TASK,
    DELETE_TASK,
    REOPEN_TASK,
    START_TASK,
    SUBMIT_TASK,
    UPDATE_TASK,
)
from tests.factories.projects import make_project
from tests.factories.tasks import find_task, make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_create_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await CREATE_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011")
async def test_create_task_refused_assignee_cannot_see_project(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, visibility="private")
    call = await CREATE_TASK.arrange(
        me, assignee_id=world.home[Role.MEMBER].id, project_id=project.id
    )

    response = await me.send(call)

    assert refused(response) == (409, "ASSIGNEE_CANNOT_SEE_PROJECT")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011")
async def test_create_task_refused_parent_in_other_project(world: World) -> None:
    me = world.home[Role.OWNER]
    parent = await make_task(me)
    call = await CREATE_TASK.arrange(me, parent_id=parent.id)

    response = await me.send(call)

    assert refused(response) == (409, "PARENT_IN_OTHER_PROJECT")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_update_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await UPDATE_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011")
async def test_update_task_refused_assignee_cannot_see_project(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, visibility="private")
    call = await UPDATE_TASK.arrange(
        me, assignee_id=world.home[Role.MEMBER].id, project_id=project.id
    )

    response = await me.send(call)

    assert refused(response) == (409, "ASSIGNEE_CANNOT_SEE_PROJECT")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011")
async def test_update_task_refused_parent_in_other_project(world: World) -> None:
    me = world.home[Role.OWNER]
    parent = await make_task(me)
    call = await UPDATE_TASK.arrange(me, parent_id=parent.id)

    response = await me.send(call)

    assert refused(response) == (409, "PARENT_IN_OTHER_PROJECT")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_delete_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await DELETE_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_start_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await START_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-012")
async def test_start_task_refused_task_unassigned(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await START_TASK.arrange(me, assignee_id=None)

    response = await me.send(call)

    assert refused(response) == (409, "TASK_UNASSIGNED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_submit_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await SUBMIT_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_complete_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await COMPLETE_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-012")
async def test_complete_task_refused_open_subtasks(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await COMPLETE_TASK.arrange(me)
    await make_task(me, parent_id=call.ids["task_id"])

    response = await me.send(call)

    assert refused(response) == (409, "OPEN_SUBTASKS")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-012")
async def test_complete_task_refused_self_review(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, reviewed_by_others=True)
    call = await COMPLETE_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "SELF_REVIEW")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_cancel_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await CANCEL_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011", "REQ-010")
async def test_reopen_task_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    call = await REOPEN_TASK.arrange(me, project_id=project.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-011")
async def test_parent_id_nests_3_deep_at_most(world: World) -> None:
    me = world.home[Role.OWNER]
    root = await make_task(me)
    lowest = root
    for _ in range(1):
        lowest = await make_task(me, parent_id=lowest.id, project_id=root.project_id)
    deepest = await make_task(me, parent_id=lowest.id, project_id=root.project_id)

    below = await me.send(
        await CREATE_TASK.arrange(me, parent_id=deepest.id, project_id=root.project_id)
    )
    beside = await me.send(
        await CREATE_TASK.arrange(me, parent_id=lowest.id, project_id=root.project_id)
    )

    assert refused(below) == (409, "TASK_NESTING")
    assert beside.status_code == 201, beside.text


@pytest.mark.requirement("REQ-011")
async def test_parent_id_never_runs_in_a_circle(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me)
    root = await find_task(me, call.ids["task_id"])
    assert root is not None
    child = await make_task(me, parent_id=root.id, project_id=root.project_id)
    before = await find_task(me, root.id)

    for parent in (child, root):
        response = await me.send(call.sending(parent_id=str(parent.id)))
        assert refused(response) == (409, "TASK_NESTING")

    assert await find_task(me, root.id) == before
