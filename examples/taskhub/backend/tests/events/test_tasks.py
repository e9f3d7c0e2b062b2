"""Tasks: events that are announced on a condition (REQ-011)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import UPDATE_TASK
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-011")


async def test_task_assigned_tells_when_assignee_id_changes(world: World) -> None:
    me, somebody = world.home[Role.OWNER], world.home.somebody
    call = await UPDATE_TASK.arrange(me, assignee_id=somebody.id)

    response = await me.send(call.sending(assignee_id=str(me.id)))

    assert response.status_code == 200, response.text
    [event] = [each for each in await world.events() if each.type == "TaskAssigned"]
    assert event.payload["assignee_id"] == str(me.id)
    assert event.payload["before_assignee_id"] == str(somebody.id)


async def test_task_assigned_tells_nothing_when_assignee_id_stays(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me, assignee_id=me.id)

    response = await me.send(call.sending(assignee_id=str(me.id)))

    assert response.status_code == 200, response.text
    assert "TaskAssigned" not in [each.type for each in await world.events()]


async def test_task_assigned_tells_nothing_when_assignee_id_goes(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me, assignee_id=me.id)

    response = await me.send(call.sending(assignee_id=None))

    assert response.status_code == 200, response.text
    assert "TaskAssigned" not in [each.type for each in await world.events()]
