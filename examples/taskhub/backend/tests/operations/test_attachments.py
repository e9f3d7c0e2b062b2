"""Attachments: what each operation answers and leaves behind (REQ-014)."""

from typing import Any, Final
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from tests.calls.attachments import CREATE_ATTACHMENT, DELETE_ATTACHMENT, GET_ATTACHMENT
from tests.factories.attachments import find_attachment, full_attachment
from tests.world import World, refused

pytestmark = pytest.mark.requirement("REQ-014")

MEMBERS: Final = {
    "created_at",
    "created_by_id",
    "id",
    "media_type",
    "name",
    "sha256",
    "size",
    "task_id",
}


async def test_create_stores_what_is_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    body = await full_attachment(me)
    call = (await CREATE_ATTACHMENT.arrange(me)).with_body(body)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    created = response.json()
    assert created.keys() == MEMBERS
    shown = body.keys()
    assert {name: created[name] for name in shown} == {name: body[name] for name in shown}
    path = f"/v1/attachments/{created['id']}"
    assert response.headers["location"] == path
    read = await me.get(path)
    assert read.json() == created


async def test_create_fills_in_what_is_not_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_ATTACHMENT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    defaults: dict[str, Any] = {"created_by_id": str(me.id)}
    assert {name: response.json()[name] for name in defaults} == defaults


async def test_each_creation_makes_another_row(world: World) -> None:
    me = world.home[Role.OWNER]

    first = await me.send(await CREATE_ATTACHMENT.arrange(me))
    second = await me.send(await CREATE_ATTACHMENT.arrange(me))

    assert first.headers["location"] != second.headers["location"]
    for response in (first, second):
        identifier = UUID(response.headers["location"].rpartition("/")[2])
        assert await find_attachment(me, identifier) is not None


async def test_get_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_ATTACHMENT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["attachment_id"])
    assert response.headers["cache-control"] == "no-store"


async def test_head_answers_as_get_does(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_ATTACHMENT.arrange(me)

    response = await me.request("HEAD", call.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == (await me.send(call)).headers["content-length"]


async def test_delete_ends_the_attachment(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_ATTACHMENT.arrange(me)
    bystander = await DELETE_ATTACHMENT.arrange(me)

    response = await me.send(call)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert refused(await me.send(call)) == (404, "not-found")
    assert await find_attachment(me, call.ids["attachment_id"]) is None
    assert await find_attachment(me, bystander.ids["attachment_id"]) is not None
