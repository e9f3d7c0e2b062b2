"""Projects: what their rules refuse (REQ-010)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import (
    ARCHIVE_PROJECT,
    DELETE_PROJECT,
    LINK_PROJECT_MEMBER,
    UNARCHIVE_PROJECT,
    UNLINK_PROJECT_MEMBER,
    UPDATE_PROJECT,
)
from tests.factories.tasks import make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-010")
async def test_update_project_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me, archived=True)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-010")
async def test_delete_project_refused_project_not_empty(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_PROJECT.arrange(me)
    await make_task(me, project_id=call.ids["project_id"])

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_NOT_EMPTY")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-010")
async def test_link_project_member_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LINK_PROJECT_MEMBER.arrange(me, archived=True)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-010")
async def test_unlink_project_member_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UNLINK_PROJECT_MEMBER.arrange(me, archived=True)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-010")
async def test_archive_project_refused_project_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await ARCHIVE_PROJECT.arrange(me, archived=True)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []


@pytest.mark.requirement("REQ-010")
async def test_unarchive_project_refused_project_not_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UNARCHIVE_PROJECT.arrange(me, archived=False)

    response = await me.send(call)

    assert refused(response) == (409, "PROJECT_NOT_ARCHIVED")
    assert await world.events() == []
    assert await world.audit_entries() == []
