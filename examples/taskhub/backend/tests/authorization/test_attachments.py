"""Attachments: who may do what, by role and by row (REQ-014)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.attachments import DELETE_ATTACHMENT
from tests.cases import Operation, named
from tests.factories.attachments import find_attachment
from tests.world import World, refused

pytestmark = pytest.mark.requirement("REQ-014")


@pytest.mark.parametrize(
    ("operation", "role", "mine", "allowed"),
    [
        (DELETE_ATTACHMENT, Role.OWNER, (), True),
        (DELETE_ATTACHMENT, Role.OWNER, ("created_by_id",), True),
        (DELETE_ATTACHMENT, Role.ADMIN, (), True),
        (DELETE_ATTACHMENT, Role.ADMIN, ("created_by_id",), True),
        (DELETE_ATTACHMENT, Role.MEMBER, (), False),
        (DELETE_ATTACHMENT, Role.MEMBER, ("created_by_id",), True),
    ],
    ids=named,
)
async def test_who_may_depends_on_whose_the_attachment_is(
    world: World, operation: Operation, role: Role, mine: tuple[str, ...], allowed: bool
) -> None:
    me, somebody = world.home[role], world.home.somebody
    call = await operation.arrange(somebody, **dict.fromkeys(mine, me.id))
    before = await find_attachment(me, call.ids["attachment_id"])

    response = await me.send(call)

    after = await find_attachment(me, call.ids["attachment_id"])
    if allowed:
        assert response.status_code == operation.success, response.text
        assert after != before
    else:
        assert refused(response) == (403, "permission-denied")
        assert after == before
        assert await world.events() == []
