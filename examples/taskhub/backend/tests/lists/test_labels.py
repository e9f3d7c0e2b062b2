"""Labels: filters, searches and orders of lists (REQ-010)."""

from typing import Any, Final

import pytest

from app.authorization.permissions import Role
from tests.calls.labels import LIST_LABELS, row_of_list_labels
from tests.ordering import in_order
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-010")

ROWS: Final[list[dict[str, Any]]] = [
    {},
    {},
    {},
    {},
    {},
]


async def test_list_labels_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_LABELS.arrange(me)
    row = await row_of_list_labels(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {"color", "created_at", "id", "name", "updated_at", "version"}
    assert item["id"] == str(row.id)


@pytest.mark.parametrize("sort", ["name", "created_at"])
async def test_list_labels_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_LABELS.arrange(me)
    rows = [await row_of_list_labels(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


async def test_list_labels_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_LABELS.arrange(me)
    rows = [await row_of_list_labels(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "name")
