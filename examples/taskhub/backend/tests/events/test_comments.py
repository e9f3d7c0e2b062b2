"""Comments: events that are announced on a condition (REQ-013)."""

import pytest

from app.authorization.permissions import Role
from tests.calls.comments import CREATE_COMMENT
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-013")


async def test_user_mentioned_goes_to_each_person_mentioned(world: World) -> None:
    me = world.home[Role.OWNER]
    others = [world.home.somebody, *world.home]
    text = " ".join(f"@{person.handle}" for person in (*others, me)) + " @nobody"
    call = (await CREATE_COMMENT.arrange(me)).sending(body=text)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    told = [
        each.payload["user_id"] for each in await world.events() if each.type == "UserMentioned"
    ]
    assert sorted(told) == sorted({str(person.id) for person in others})


async def test_user_mentioned_goes_to_nobody_of_another_tenant(world: World) -> None:
    me = world.home[Role.OWNER]
    text = " ".join(f"@{person.handle}" for person in world.other)
    call = (await CREATE_COMMENT.arrange(me)).sending(body=text)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    assert "UserMentioned" not in [each.type for each in await world.events()]
