"""Each item is judged as it would be if it were asked for alone."""

from typing import Any
from uuid import uuid4

from loguru import logger

from app.authorization.permissions import Role
from tests.bulk.kinds import Bulk, Change, each_bulk, each_change, each_change_with_role
from tests.bulk.known import BULKS
from tests.world import World, problem, refused

CHANGES = [
    (bulk, change)
    for bulk in BULKS
    for change in bulk.changes
    if set(bulk.roles) & set(change.operation.callers)
]
DENIED = [
    (bulk, change, role)
    for bulk in BULKS
    for change in bulk.changes
    for role in bulk.roles
    if role not in change.operation.roles or role in change.refused
]
BLIND = [
    (bulk, change, role)
    for bulk, change in CHANGES
    if change.operation.hide is not None
    for role in change.operation.blind
    if role in bulk.roles
]


def caller(bulk: Bulk, change: Change) -> Role:
    return next(role for role in change.operation.callers if role in bulk.roles)


def alike(shown: dict[str, Any]) -> dict[str, object]:
    """Return the members of a row, with the values of those that tell no two rows apart."""
    same = (None, True, False)
    return {name: each if any(each is one for one in same) else ... for name, each in shown.items()}


@each_change(CHANGES)
async def test_an_item_does_what_the_change_alone_does(
    world: World, bulk: Bulk, change: Change
) -> None:
    me = world.home[caller(bulk, change)]
    first, second = await change.item(me), await change.item(me)
    alone = await me.send(first.alone)
    entries, events = await world.audit_entries(), await world.events()

    response = await me.send(bulk.call(second))

    assert response.status_code == 200, response.text
    [result] = response.json()["results"]
    assert (result["id"], result["status"]) == (str(second.id), alone.status_code)
    assert alike(result["item"]) == alike(alone.json())
    assert (response.json()["succeeded"], response.json()["failed"]) == (1, 0)
    later = (await world.audit_entries())[len(entries) :]
    assert [each.action for each in later] == [each.action for each in entries]
    announced = (await world.events())[len(events) :]
    assert [each.type for each in announced] == [each.type for each in events]
    assert {each.entity_id for each in later} <= {second.id}


@each_bulk(BULKS)
async def test_results_stand_in_the_order_asked(world: World, bulk: Bulk) -> None:
    me, stranger = world.home[bulk.caller], world.other[bulk.caller]
    older, younger = await bulk.change.item(me), await bulk.change.item(me)
    foreign = await bulk.change.item(stranger)
    before = await bulk.find(stranger, foreign.id)

    response = await me.send(bulk.call(younger, foreign, older))

    assert response.status_code == 200, response.text
    found = response.json()
    assert [each["id"] for each in found["results"]] == [
        str(item.id) for item in (younger, foreign, older)
    ]
    assert [each["status"] for each in found["results"]] == [200, 404, 200]
    assert (found["succeeded"], found["failed"]) == (2, 1)
    assert await bulk.find(stranger, foreign.id) == before


@each_bulk(BULKS)
async def test_a_foreign_row_is_one_that_does_not_exist(world: World, bulk: Bulk) -> None:
    me, stranger = world.home[bulk.caller], world.other[bulk.caller]
    theirs = await bulk.change.item(stranger)
    lines: list[Any] = []
    sink = logger.add(lambda line: lines.append(line.record), level="WARNING")

    foreign = await me.send(bulk.call(theirs))
    absent = await me.send(theirs.alone.about_nothing())

    logger.remove(sink)
    [result] = foreign.json()["results"]
    del result["problem"]["instance"]
    assert result["status"] == 404
    assert result["problem"] == problem(absent)
    attempts = [each for each in lines if each["extra"].get("event") == "cross_tenant_attempt"]
    assert [each["extra"]["resource_id"] for each in attempts] == [str(theirs.id)]


@each_change_with_role(BLIND)
async def test_a_hidden_row_does_not_exist(
    world: World, bulk: Bulk, change: Change, role: Role
) -> None:
    assert change.operation.hide is not None
    maker, blind = world.home.somebody, world.home[role]
    item = await change.item(maker, **await change.operation.hide(maker))
    before = await bulk.find(maker, item.id)

    response = await blind.send(bulk.call(item))

    assert [each["status"] for each in response.json()["results"]] == [404]
    assert await bulk.find(maker, item.id) == before


@each_change_with_role(DENIED)
async def test_an_item_needs_the_permission_of_its_change_and_its_policy(
    world: World, bulk: Bulk, change: Change, role: Role
) -> None:
    item = await change.item(world.home.somebody)
    before = await bulk.find(world.home.somebody, item.id)

    response = await world.home[role].send(bulk.call(item))

    [result] = response.json()["results"]
    assert (result["status"], result["problem"]["code"]) == (403, "permission-denied")
    assert await bulk.find(world.home.somebody, item.id) == before
    assert await world.events() == []


@each_change(pair for pair in CHANGES if pair[0].versioned)
async def test_an_item_names_the_version_that_it_expects(
    world: World, bulk: Bulk, change: Change
) -> None:
    me = world.home[caller(bulk, change)]
    item = await change.item(me)
    before = await bulk.find(me, item.id)

    stale = await me.send(bulk.call(item.of(before.version + 1)))
    current = await me.send(bulk.call(item.of(before.version)))

    [result] = stale.json()["results"]
    assert (result["status"], result["problem"]["code"]) == (412, "precondition-failed")
    assert [each["status"] for each in current.json()["results"]] == [200]


@each_bulk(BULKS)
async def test_who_may_not_ask_at_all(world: World, bulk: Bulk) -> None:
    item = await bulk.change.item(world.home[bulk.caller])
    before = await bulk.find(world.home.somebody, item.id)

    for role in set(Role) - set(bulk.roles):
        response = await world.home[role].send(bulk.call(item))
        assert refused(response) == (403, "permission-denied")
    anonymous = await world.client.post(bulk.path, json={"items": [item.body]})

    assert refused(anonymous) == (401, "unauthenticated")
    assert await bulk.find(world.home.somebody, item.id) == before


@each_bulk(BULKS)
async def test_what_no_request_may_be(world: World, bulk: Bulk) -> None:
    me = world.home[bulk.caller]
    made = await bulk.change.item(me)
    item, before = made.body, await bulk.find(me, made.id)
    others = [{**item, "id": str(uuid4())} for _ in range(bulk.most)]
    wrong = {
        "#/items": ([], [item, item], [item, *others]),
        "#/items/0/do": ([{**item, "do": "nonsense"}], [{"id": item["id"]}]),
        "#/items/1/id": ([item, {**item, "id": "nonsense"}],),
        "#/items/1": ([item, {**others[0], "nonsense": 1}], [item, 1]),
    }

    for pointer, bodies in wrong.items():
        for items in bodies:
            response = await me.post(bulk.path, {"items": items})
            assert response.status_code == 422, response.text
            assert [each["pointer"] for each in problem(response)["errors"]] == [pointer]
    assert (await me.post(bulk.path, {"items": [item], "mode": "some"})).status_code == 422

    assert await bulk.find(me, made.id) == before
