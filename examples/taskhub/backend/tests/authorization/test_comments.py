"""Comments: who may do what, by role and by row (REQ-013)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.comments import DELETE_COMMENT, UPDATE_COMMENT
from tests.cases import Operation, named
from tests.factories.comments import find_comment
from tests.world import World, refused

pytestmark = pytest.mark.requirement("REQ-013")


@pytest.mark.parametrize(
    ("operation", "role", "mine", "allowed"),
    [
        (UPDATE_COMMENT, Role.OWNER, (), False),
        (UPDATE_COMMENT, Role.OWNER, ("author_id",), True),
        (UPDATE_COMMENT, Role.ADMIN, (), False),
        (UPDATE_COMMENT, Role.ADMIN, ("author_id",), True),
        (UPDATE_COMMENT, Role.MEMBER, (), False),
        (UPDATE_COMMENT, Role.MEMBER, ("author_id",), True),
        (DELETE_COMMENT, Role.OWNER, (), True),
        (DELETE_COMMENT, Role.OWNER, ("author_id",), True),
        (DELETE_COMMENT, Role.ADMIN, (), True),
        (DELETE_COMMENT, Role.ADMIN, ("author_id",), True),
        (DELETE_COMMENT, Role.MEMBER, (), False),
        (DELETE_COMMENT, Role.MEMBER, ("author_id",), True),
    ],
    ids=named,
)
async def test_who_may_depends_on_whose_the_comment_is(
    world: World, operation: Operation, role: Role, mine: tuple[str, ...], allowed: bool
) -> None:
    me, somebody = world.home[role], world.home.somebody
    call = await operation.arrange(somebody, **dict.fromkeys(mine, me.id))
    before = await find_comment(me, call.ids["comment_id"])

    response = await me.send(call)

    after = await find_comment(me, call.ids["comment_id"])
    if allowed:
        assert response.status_code == operation.success, response.text
        assert after != before
    else:
        assert refused(response) == (403, "permission-denied")
        assert after == before
        assert await world.events() == []
