"""Comments: what their rules refuse (REQ-013)."""

from datetime import UTC, datetime

import pytest

from app.authorization.permissions import Role
from tests.calls.comments import CREATE_COMMENT, DELETE_COMMENT, RESTORE_COMMENT, UPDATE_COMMENT
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-013", "REQ-010")
async def test_create_comment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await CREATE_COMMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-013", "REQ-010")
async def test_update_comment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await UPDATE_COMMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-013")
async def test_update_comment_refused_edit_window_closed(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_COMMENT.arrange(me, created_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))

    response = await me.send(call)

    assert refused(response) == (409, "EDIT_WINDOW_CLOSED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-013", "REQ-010")
async def test_delete_comment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await DELETE_COMMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-013", "REQ-010")
async def test_restore_comment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await RESTORE_COMMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []
