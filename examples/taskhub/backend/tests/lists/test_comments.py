"""Comments: filters, searches and orders of lists (REQ-013)."""

from typing import Any, Final

import pytest

from app.authorization.permissions import Role
from tests.calls.comments import (
    LIST_COMMENTS,
    LIST_DELETED_COMMENTS,
    row_of_list_comments,
    row_of_list_deleted_comments,
)
from tests.ordering import in_order
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-013")

ROWS: Final[list[dict[str, Any]]] = [
    {},
    {},
    {},
    {},
    {},
]


async def test_list_comments_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_COMMENTS.arrange(me)
    row = await row_of_list_comments(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "author_id",
        "body",
        "created_at",
        "id",
        "task_id",
        "updated_at",
        "version",
    }
    assert item["id"] == str(row.id)


@pytest.mark.parametrize("sort", ["created_at"])
async def test_list_comments_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_COMMENTS.arrange(me)
    rows = [await row_of_list_comments(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


async def test_list_comments_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_COMMENTS.arrange(me)
    rows = [await row_of_list_comments(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "created_at")


async def test_list_deleted_comments_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_DELETED_COMMENTS.arrange(me)
    row = await row_of_list_deleted_comments(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "author_id",
        "body",
        "created_at",
        "id",
        "task_id",
        "updated_at",
        "version",
    }
    assert item["id"] == str(row.id)
