"""Labels: what each operation answers and leaves behind (REQ-010)."""

from typing import Any, Final
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from tests.calls.labels import CREATE_LABEL, DELETE_LABEL, GET_LABEL, UPDATE_LABEL
from tests.factories.labels import find_label, full_label, make_label
from tests.factories.tasks import find_task, make_task
from tests.world import World, changed, problem, refused

pytestmark = pytest.mark.requirement("REQ-010")

MEMBERS: Final = {"color", "created_at", "id", "name", "updated_at", "version"}


async def test_create_stores_what_is_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    body = await full_label(me)
    call = (await CREATE_LABEL.arrange(me)).with_body(body)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    created = response.json()
    assert created.keys() == MEMBERS
    shown = body.keys()
    assert {name: created[name] for name in shown} == {name: body[name] for name in shown}
    path = f"/v1/labels/{created['id']}"
    assert response.headers["location"] == path
    read = await me.get(path)
    assert read.json() == created
    assert read.headers["etag"] == response.headers["etag"]


async def test_create_fills_in_what_is_not_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_LABEL.arrange(me)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    defaults: dict[str, Any] = {"color": "#808080", "version": 1}
    assert {name: response.json()[name] for name in defaults} == defaults


async def test_each_creation_makes_another_row(world: World) -> None:
    me = world.home[Role.OWNER]

    first = await me.send(await CREATE_LABEL.arrange(me))
    second = await me.send(await CREATE_LABEL.arrange(me))

    assert first.headers["location"] != second.headers["location"]
    for response in (first, second):
        identifier = UUID(response.headers["location"].rpartition("/")[2])
        assert await find_label(me, identifier) is not None


async def test_create_refuses_name_in_use(world: World) -> None:
    me = world.home[Role.OWNER]
    taken = await make_label(me)
    call = (await CREATE_LABEL.arrange(me)).sending(name=taken.name.swapcase())

    response = await me.send(call)

    assert refused(response) == (409, "conflict-unique")
    assert problem(response)["fields"] == ["name"]
    assert await world.events() == []


async def test_another_tenant_may_use_the_same_name(world: World) -> None:
    me, stranger = world.home[Role.OWNER], world.other[Role.OWNER]
    taken = await make_label(me)
    call = (await CREATE_LABEL.arrange(stranger)).sending(name=taken.name.swapcase())

    response = await stranger.send(call)

    assert response.status_code == 201, response.text


async def test_update_refuses_name_in_use(world: World) -> None:
    me = world.home[Role.OWNER]
    taken = await make_label(me)
    call = await UPDATE_LABEL.arrange(me)

    response = await me.send(call.sending(name=taken.name.swapcase()))

    assert refused(response) == (409, "conflict-unique")
    assert problem(response)["fields"] == ["name"]
    assert (await me.send(call)).status_code == 200


async def test_a_row_may_keep_its_own_name(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_LABEL.arrange(me)
    taken = await find_label(me, call.ids["label_id"])
    assert taken is not None

    response = await me.send(call.sending(name=taken.name.swapcase()))

    assert response.status_code == 200, response.text


async def test_get_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_LABEL.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["label_id"])
    assert response.headers["cache-control"] == "no-store"


async def test_head_answers_as_get_does(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_LABEL.arrange(me)

    response = await me.request("HEAD", call.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == (await me.send(call)).headers["content-length"]


@pytest.mark.parametrize(
    ("form", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200)],
)
async def test_get_heeds_what_the_client_has(world: World, form: str, status: int) -> None:
    me = world.home[Role.OWNER]
    call = await GET_LABEL.arrange(me)
    tag = (await me.send(call)).headers["etag"]

    response = await me.request("GET", call.url, headers={"if-none-match": form.format(tag=tag)})

    assert response.status_code == status
    assert response.headers["etag"] == tag
    assert bool(response.content) is (status == 200)


@pytest.mark.parametrize("name", ["name", "color"])
async def test_update_changes_only_what_is_sent(world: World, name: str) -> None:
    me = world.home[Role.OWNER]
    full = await full_label(me)
    call = await UPDATE_LABEL.arrange(me)
    before = await find_label(me, call.ids["label_id"])

    response = await me.send(call.with_body({name: full[name]}))

    assert response.status_code == 200, response.text
    assert response.json()[name] == full[name]
    after = await find_label(me, call.ids["label_id"])
    assert changed(before, after) == {name, "updated_at", "version"}


async def test_update_counts_versions(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_LABEL.arrange(me)

    first = await me.send(call)
    second = await me.send(call.given(first.headers["etag"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert len({call.if_match, first.headers["etag"], second.headers["etag"]}) == 3


async def test_delete_ends_the_label(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_LABEL.arrange(me)
    bystander = await DELETE_LABEL.arrange(me)

    response = await me.send(call)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert refused(await me.send(call)) == (404, "not-found")
    assert await find_label(me, call.ids["label_id"]) is None
    assert await find_label(me, bystander.ids["label_id"]) is not None


async def test_delete_unlinks_it_from_each_task(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_LABEL.arrange(me)
    child = await make_task(me, label_ids=[call.ids["label_id"]])
    assert child.label_ids == (call.ids["label_id"],)

    response = await me.send(call)

    assert response.status_code == 204, response.text
    after = await find_task(me, child.id)
    assert after is not None
    assert after.label_ids == ()
