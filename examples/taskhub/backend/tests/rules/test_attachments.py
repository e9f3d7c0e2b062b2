"""Attachments: what their rules refuse (REQ-014)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.attachments import CREATE_ATTACHMENT, DELETE_ATTACHMENT
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-014", "REQ-010")
async def test_create_attachment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await CREATE_ATTACHMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-014", "REQ-010")
async def test_delete_attachment_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, archived=True)
    task = await make_task(me, project_id=project.id)
    call = await DELETE_ATTACHMENT.arrange(me, task_id=task.id)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []
