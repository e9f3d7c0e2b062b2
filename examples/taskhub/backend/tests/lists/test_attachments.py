"""Attachments: filters, searches and orders of lists (REQ-014)."""

from typing import Any, Final

import pytest

from app.authorization.permissions import Role
from tests.calls.attachments import LIST_ATTACHMENTS, row_of_list_attachments
from tests.ordering import in_order
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-014")

ROWS: Final[list[dict[str, Any]]] = [
    {"name": "1"},
    {"name": "0"},
    {"name": "1"},
    {"name": "0"},
    {"name": "1"},
]


async def test_list_attachments_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_ATTACHMENTS.arrange(me)
    row = await row_of_list_attachments(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "created_at",
        "created_by_id",
        "id",
        "media_type",
        "name",
        "sha256",
        "size",
        "task_id",
    }
    assert item["id"] == str(row.id)


@pytest.mark.parametrize("sort", ["created_at", "name", "size"])
async def test_list_attachments_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_ATTACHMENTS.arrange(me)
    rows = [await row_of_list_attachments(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


async def test_list_attachments_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_ATTACHMENTS.arrange(me)
    rows = [await row_of_list_attachments(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "created_at")
