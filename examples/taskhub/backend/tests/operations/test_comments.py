"""Comments: what each operation answers and leaves behind (REQ-013)."""

from typing import Any, Final
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from tests.calls.comments import (
    CREATE_COMMENT,
    DELETE_COMMENT,
    GET_COMMENT,
    LIST_DELETED_COMMENTS,
    RESTORE_COMMENT,
    UPDATE_COMMENT,
)
from tests.factories.comments import find_comment, full_comment, make_comment, make_deleted_comment
from tests.world import World, changed, refused

pytestmark = pytest.mark.requirement("REQ-013")

MEMBERS: Final = {"author_id", "body", "created_at", "id", "task_id", "updated_at", "version"}


async def test_create_stores_what_is_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    body = await full_comment(me)
    call = (await CREATE_COMMENT.arrange(me)).with_body(body)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    created = response.json()
    assert created.keys() == MEMBERS
    shown = body.keys()
    assert {name: created[name] for name in shown} == {name: body[name] for name in shown}
    path = f"/v1/comments/{created['id']}"
    assert response.headers["location"] == path
    read = await me.get(path)
    assert read.json() == created
    assert read.headers["etag"] == response.headers["etag"]


async def test_create_fills_in_what_is_not_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_COMMENT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    defaults: dict[str, Any] = {"version": 1, "author_id": str(me.id)}
    assert {name: response.json()[name] for name in defaults} == defaults


async def test_each_creation_makes_another_row(world: World) -> None:
    me = world.home[Role.OWNER]

    first = await me.send(await CREATE_COMMENT.arrange(me))
    second = await me.send(await CREATE_COMMENT.arrange(me))

    assert first.headers["location"] != second.headers["location"]
    for response in (first, second):
        identifier = UUID(response.headers["location"].rpartition("/")[2])
        assert await find_comment(me, identifier) is not None


async def test_get_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_COMMENT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["comment_id"])
    assert response.headers["cache-control"] == "no-store"


async def test_head_answers_as_get_does(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_COMMENT.arrange(me)

    response = await me.request("HEAD", call.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == (await me.send(call)).headers["content-length"]


@pytest.mark.parametrize(
    ("form", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200)],
)
async def test_get_heeds_what_the_client_has(world: World, form: str, status: int) -> None:
    me = world.home[Role.OWNER]
    call = await GET_COMMENT.arrange(me)
    tag = (await me.send(call)).headers["etag"]

    response = await me.request("GET", call.url, headers={"if-none-match": form.format(tag=tag)})

    assert response.status_code == status
    assert response.headers["etag"] == tag
    assert bool(response.content) is (status == 200)


@pytest.mark.parametrize("name", ["body"])
async def test_update_changes_only_what_is_sent(world: World, name: str) -> None:
    me = world.home[Role.OWNER]
    full = await full_comment(me)
    call = await UPDATE_COMMENT.arrange(me)
    before = await find_comment(me, call.ids["comment_id"])

    response = await me.send(call.with_body({name: full[name]}))

    assert response.status_code == 200, response.text
    assert response.json()[name] == full[name]
    after = await find_comment(me, call.ids["comment_id"])
    assert changed(before, after) == {name, "updated_at", "version"}


async def test_update_counts_versions(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_COMMENT.arrange(me)

    first = await me.send(call)
    second = await me.send(call.given(first.headers["etag"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert len({call.if_match, first.headers["etag"], second.headers["etag"]}) == 3


async def test_delete_ends_the_comment(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_COMMENT.arrange(me)
    bystander = await DELETE_COMMENT.arrange(me)

    response = await me.send(call)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert refused(await me.send(call)) == (404, "not-found")
    assert await find_comment(me, call.ids["comment_id"]) is None
    assert await find_comment(me, bystander.ids["comment_id"]) is not None


async def test_restore_brings_the_comment_back(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await RESTORE_COMMENT.arrange(me)
    bystander = await make_deleted_comment(me)
    assert await find_comment(me, call.ids["comment_id"]) is None

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["comment_id"])
    restored = await find_comment(me, call.ids["comment_id"])
    assert restored is not None
    assert response.headers["etag"] == entity_tag(restored) != call.if_match
    assert await find_comment(me, bystander.id) is None


async def test_restore_of_what_is_not_deleted_is_refused(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await RESTORE_COMMENT.arrange(me)).given(None)
    first = await me.send(call)

    again = await me.send(call)

    assert first.status_code == 200, first.text
    assert refused(again) == (409, "not-deleted")
    assert len(await world.audit_entries()) == 1


async def test_what_is_deleted_is_listed_until_it_is_restored(world: World) -> None:
    me = world.home[Role.OWNER]
    restored, kept = [await RESTORE_COMMENT.arrange(me) for _ in range(2)]
    await make_comment(me)
    ids = [call.ids["comment_id"] for call in (kept, restored)]
    url = LIST_DELETED_COMMENTS.call().url
    assert await me.listed(url) == ids

    response = await me.send(restored)

    assert response.status_code == 200, response.text
    assert await me.listed(url) == ids[:1]
