"""Pages of lists: limits, cursors, and parameters that a list does not know."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.calls import SERVED
from tests.cases import Operation, each
from tests.world import World, faults, refused

LISTS = [operation for operation in SERVED if operation.row is not None]
ROOMY = [operation for operation in LISTS if operation.most_rows >= 5]
FLAT = [operation for operation in LISTS if not operation.about_objects]


@each(ROOMY)
async def test_pages_hold_each_row_exactly_once(world: World, operation: Operation) -> None:
    assert operation.row is not None
    me = world.home[operation.caller]
    call = await operation.arrange(me)
    rows = [await operation.row(me, call) for _ in range(5)]

    seen, path = [], f"{call.url}?limit=2"
    for size in (2, 2, 1):
        response = await me.get(path)
        assert response.status_code == 200
        page = [item["id"] for item in response.json()["items"]]
        assert len(page) == size
        seen += page
        if response.json()["next"] is None:
            assert "link" not in response.headers
        else:
            path, _, relation = response.headers["link"].partition(">")
            path = path.removeprefix("<")
            assert relation == '; rel="next"'
            assert parse_qs(urlsplit(path).query)["cursor"] == [response.json()["next"]]

    assert sorted(seen) == sorted(str(row.id) for row in rows)
    assert seen == [str(each) for each in await me.listed(call.url)]


@each(LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "1_0", "٣", "", " 1", "x"])
async def test_limits_that_are_refused(world: World, operation: Operation, limit: str) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.get(call.url, limit=limit)

    assert [place for place, _ in faults(response)] == ["limit"]


@each(LISTS)
async def test_limits_that_are_served(world: World, operation: Operation) -> None:
    assert operation.row is not None
    me = world.home[operation.caller]
    call = await operation.arrange(me)
    rows = [await operation.row(me, call) for _ in range(2)]

    assert len(await me.listed(call.url, limit=1)) == 1
    assert len(await me.listed(call.url, limit=200)) == len(rows)


@each(ROOMY)
async def test_a_page_may_lose_the_row_it_began_after(world: World, operation: Operation) -> None:
    assert operation.row is not None
    me = world.home[operation.caller]
    call = await operation.arrange(me)
    for _ in range(3):
        await operation.row(me, call)
    whole = await me.listed(call.url)
    cursor = (await me.get(call.url, limit=1)).json()["next"]

    assert await me.listed(call.url, cursor=cursor) == whole[1:]
    assert await me.listed(call.url, cursor=cursor, limit=1) == whole[1:2]


@each(LISTS)
async def test_a_cursor_serves_only_whom_it_was_given_to(
    world: World, operation: Operation
) -> None:
    assert operation.row is not None
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    call, elsewhere = await operation.arrange(me), await operation.arrange(stranger)
    for _ in range(2):
        await operation.row(me, call)
    cursor = (await me.get(call.url, limit=1)).json()["next"]
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]

    for person, path, given in (
        (me, call.url, changed),
        (me, call.url, "nonsense"),
        (me, call.url, cursor + "A"),
        (stranger, elsewhere.url, cursor),
        (await world.join(operation.caller), call.url, cursor),
    ):
        response = await person.get(path, cursor=given)
        assert refused(response) == (422, "invalid-cursor")

    assert (await me.get(call.url, cursor=cursor)).status_code == 200


@each(LISTS)
@pytest.mark.parametrize("query", ["nonsense=1", "limit=1&limit=2", "sort=nonsense", "cursor="])
async def test_parameters_that_are_refused(world: World, operation: Operation, query: str) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.get(f"{call.url}?{query}")

    assert response.status_code == 422
    assert (await me.get(call.url)).status_code == 200
