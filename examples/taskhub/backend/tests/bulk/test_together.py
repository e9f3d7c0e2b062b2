"""All items or none, and several requests at once."""

import asyncio

from tests.bulk.kinds import Bulk, each_bulk
from tests.bulk.known import BULKS
from tests.world import World, problem, refused


@each_bulk(BULKS)
async def test_one_refused_item_undoes_all(world: World, bulk: Bulk) -> None:
    me, stranger = world.home[bulk.caller], world.other[bulk.caller]
    items = [await bulk.change.item(person) for person in (me, stranger, me)]
    before = [await bulk.find(me, item.id) for item in items]

    response = await me.send(bulk.call(*items, mode="all"))

    assert refused(response) == (409, "bulk-failed")
    told = [(each["pointer"], each["code"]) for each in problem(response)["errors"]]
    assert told == [("#/items/1", "not-found")]
    assert [await bulk.find(me, item.id) for item in items] == before
    assert await world.events() == []
    assert await world.audit_entries() == []


@each_bulk(BULKS)
async def test_all_items_are_carried_out(world: World, bulk: Bulk) -> None:
    me = world.home[bulk.caller]
    items = [await bulk.change.item(me) for _ in range(3)]
    before = [await bulk.find(me, item.id) for item in items]

    response = await me.send(bulk.call(*items, mode="all"))

    assert response.status_code == 200, response.text
    assert response.json()["succeeded"] == len(items)
    after = [await bulk.find(me, item.id) for item in items]
    assert all(was != now for was, now in zip(before, after, strict=True))


@each_bulk(BULKS)
async def test_two_that_want_the_same_rows_wait_for_each_other(world: World, bulk: Bulk) -> None:
    me = world.home[bulk.caller]
    items = [await bulk.change.item(me) for _ in range(min(bulk.most, 10))]

    responses = await asyncio.gather(
        me.send(bulk.call(*items)), me.send(bulk.call(*reversed(items)))
    )

    assert [response.status_code for response in responses] == [200, 200]
    for item in items:
        statuses = [
            result["status"]
            for response in responses
            for result in response.json()["results"]
            if result["id"] == str(item.id)
        ]
        assert sorted(statuses) in ([200, 200], [200, 409])
