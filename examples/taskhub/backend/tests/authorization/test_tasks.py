"""Tasks: who may do what, by role and by row (REQ-011)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import (
    CANCEL_TASK,
    COMPLETE_TASK,
    DELETE_TASK,
    REOPEN_TASK,
    START_TASK,
    SUBMIT_TASK,
    UPDATE_TASK,
)
from tests.cases import Operation, named
from tests.factories.tasks import find_task
from tests.world import World, refused

pytestmark = pytest.mark.requirement("REQ-011")


@pytest.mark.parametrize(
    ("operation", "role", "mine", "allowed"),
    [
        (UPDATE_TASK, Role.OWNER, (), True),
        (UPDATE_TASK, Role.OWNER, ("assignee_id",), True),
        (UPDATE_TASK, Role.OWNER, ("created_by_id",), True),
        (UPDATE_TASK, Role.ADMIN, (), True),
        (UPDATE_TASK, Role.ADMIN, ("assignee_id",), True),
        (UPDATE_TASK, Role.ADMIN, ("created_by_id",), True),
        (UPDATE_TASK, Role.MEMBER, (), False),
        (UPDATE_TASK, Role.MEMBER, ("assignee_id",), True),
        (UPDATE_TASK, Role.MEMBER, ("created_by_id",), True),
        (DELETE_TASK, Role.OWNER, (), True),
        (DELETE_TASK, Role.OWNER, ("created_by_id",), True),
        (DELETE_TASK, Role.ADMIN, (), True),
        (DELETE_TASK, Role.ADMIN, ("created_by_id",), True),
        (DELETE_TASK, Role.MEMBER, (), False),
        (DELETE_TASK, Role.MEMBER, ("created_by_id",), True),
        (START_TASK, Role.OWNER, (), True),
        (START_TASK, Role.OWNER, ("assignee_id",), True),
        (START_TASK, Role.OWNER, ("created_by_id",), True),
        (START_TASK, Role.ADMIN, (), True),
        (START_TASK, Role.ADMIN, ("assignee_id",), True),
        (START_TASK, Role.ADMIN, ("created_by_id",), True),
        (START_TASK, Role.MEMBER, (), False),
        (START_TASK, Role.MEMBER, ("assignee_id",), True),
        (START_TASK, Role.MEMBER, ("created_by_id",), True),
        (SUBMIT_TASK, Role.OWNER, (), False),
        (SUBMIT_TASK, Role.OWNER, ("assignee_id",), True),
        (SUBMIT_TASK, Role.ADMIN, (), False),
        (SUBMIT_TASK, Role.ADMIN, ("assignee_id",), True),
        (SUBMIT_TASK, Role.MEMBER, (), False),
        (SUBMIT_TASK, Role.MEMBER, ("assignee_id",), True),
        (COMPLETE_TASK, Role.OWNER, (), True),
        (COMPLETE_TASK, Role.OWNER, ("assignee_id",), True),
        (COMPLETE_TASK, Role.ADMIN, (), True),
        (COMPLETE_TASK, Role.ADMIN, ("assignee_id",), True),
        (COMPLETE_TASK, Role.MEMBER, (), False),
        (COMPLETE_TASK, Role.MEMBER, ("assignee_id",), True),
        (CANCEL_TASK, Role.OWNER, (), True),
        (CANCEL_TASK, Role.OWNER, ("assignee_id",), True),
        (CANCEL_TASK, Role.OWNER, ("created_by_id",), True),
        (CANCEL_TASK, Role.ADMIN, (), True),
        (CANCEL_TASK, Role.ADMIN, ("assignee_id",), True),
        (CANCEL_TASK, Role.ADMIN, ("created_by_id",), True),
        (CANCEL_TASK, Role.MEMBER, (), False),
        (CANCEL_TASK, Role.MEMBER, ("assignee_id",), True),
        (CANCEL_TASK, Role.MEMBER, ("created_by_id",), True),
        (REOPEN_TASK, Role.OWNER, (), True),
        (REOPEN_TASK, Role.OWNER, ("assignee_id",), True),
        (REOPEN_TASK, Role.OWNER, ("created_by_id",), True),
        (REOPEN_TASK, Role.ADMIN, (), True),
        (REOPEN_TASK, Role.ADMIN, ("assignee_id",), True),
        (REOPEN_TASK, Role.ADMIN, ("created_by_id",), True),
        (REOPEN_TASK, Role.MEMBER, (), False),
        (REOPEN_TASK, Role.MEMBER, ("assignee_id",), True),
        (REOPEN_TASK, Role.MEMBER, ("created_by_id",), True),
    ],
    ids=named,
)
async def test_who_may_depends_on_whose_the_task_is(
    world: World, operation: Operation, role: Role, mine: tuple[str, ...], allowed: bool
) -> None:
    me, somebody = world.home[role], world.home.somebody
    call = await operation.arrange(somebody, **dict.fromkeys(mine, me.id))
    before = await find_task(me, call.ids["task_id"])

    response = await me.send(call)

    after = await find_task(me, call.ids["task_id"])
    if allowed:
        assert response.status_code == operation.success, response.text
        assert after != before
    else:
        assert refused(response) == (403, "permission-denied")
        assert after == before
        assert await world.events() == []
