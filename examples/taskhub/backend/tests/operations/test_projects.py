"""Projects: what each operation answers and leaves behind (REQ-010)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import (
    ARCHIVE_PROJECT,
    CREATE_PROJECT,
    DELETE_PROJECT,
    GET_PROJECT,
    LINK_PROJECT_MEMBER,
    PROJECT_STATISTICS,
    UNARCHIVE_PROJECT,
    UNLINK_PROJECT_MEMBER,
    UPDATE_PROJECT,
)
from tests.factories.projects import find_project, full_project, make_project
from tests.factories.tasks import find_task, make_task
from tests.world import World, changed, problem, refused

pytestmark = pytest.mark.requirement("REQ-010")

MEMBERS: Final = {
    "archived",
    "created_at",
    "created_by_id",
    "description",
    "id",
    "key",
    "member_ids",
    "name",
    "open_tasks",
    "reviewed_by_others",
    "updated_at",
    "version",
    "visibility",
}


async def test_create_stores_what_is_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    body = await full_project(me)
    call = (await CREATE_PROJECT.arrange(me)).with_body(body)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    created = response.json()
    assert created.keys() == MEMBERS
    shown = body.keys()
    assert {name: created[name] for name in shown} == {name: body[name] for name in shown}
    path = f"/v1/projects/{created['id']}"
    assert response.headers["location"] == path
    read = await me.get(path)
    assert read.json() == created
    assert read.headers["etag"] == response.headers["etag"]


async def test_create_fills_in_what_is_not_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_PROJECT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    defaults: dict[str, Any] = {
        "description": "",
        "visibility": "tenant",
        "reviewed_by_others": False,
        "archived": False,
        "version": 1,
        "member_ids": [],
        "created_by_id": str(me.id),
    }
    assert {name: response.json()[name] for name in defaults} == defaults


async def test_each_creation_makes_another_row(world: World) -> None:
    me = world.home[Role.OWNER]

    first = await me.send(await CREATE_PROJECT.arrange(me))
    second = await me.send(await CREATE_PROJECT.arrange(me))

    assert first.headers["location"] != second.headers["location"]
    for response in (first, second):
        identifier = UUID(response.headers["location"].rpartition("/")[2])
        assert await find_project(me, identifier) is not None


async def test_create_refuses_name_in_use(world: World) -> None:
    me = world.home[Role.OWNER]
    taken = await make_project(me)
    call = (await CREATE_PROJECT.arrange(me)).sending(name=taken.name.swapcase())

    response = await me.send(call)

    assert refused(response) == (409, "conflict-unique")
    assert problem(response)["fields"] == ["name"]
    assert await world.events() == []


async def test_another_tenant_may_use_the_same_name(world: World) -> None:
    me, stranger = world.home[Role.OWNER], world.other[Role.OWNER]
    taken = await make_project(me)
    call = (await CREATE_PROJECT.arrange(stranger)).sending(name=taken.name.swapcase())

    response = await stranger.send(call)

    assert response.status_code == 201, response.text


async def test_update_refuses_name_in_use(world: World) -> None:
    me = world.home[Role.OWNER]
    taken = await make_project(me)
    call = await UPDATE_PROJECT.arrange(me)

    response = await me.send(call.sending(name=taken.name.swapcase()))

    assert refused(response) == (409, "conflict-unique")
    assert problem(response)["fields"] == ["name"]
    assert (await me.send(call)).status_code == 200


async def test_a_row_may_keep_its_own_name(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me)
    taken = await find_project(me, call.ids["project_id"])
    assert taken is not None

    response = await me.send(call.sending(name=taken.name.swapcase()))

    assert response.status_code == 200, response.text


async def test_create_refuses_key_in_use(world: World) -> None:
    me = world.home[Role.OWNER]
    taken = await make_project(me)
    call = (await CREATE_PROJECT.arrange(me)).sending(key=taken.key)

    response = await me.send(call)

    assert refused(response) == (409, "conflict-unique")
    assert problem(response)["fields"] == ["key"]
    assert await world.events() == []


async def test_another_tenant_may_use_the_same_key(world: World) -> None:
    me, stranger = world.home[Role.OWNER], world.other[Role.OWNER]
    taken = await make_project(me)
    call = (await CREATE_PROJECT.arrange(stranger)).sending(key=taken.key)

    response = await stranger.send(call)

    assert response.status_code == 201, response.text


async def test_get_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_PROJECT.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["project_id"])
    assert response.headers["cache-control"] == "no-store"


async def test_head_answers_as_get_does(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_PROJECT.arrange(me)

    response = await me.request("HEAD", call.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == (await me.send(call)).headers["content-length"]


@pytest.mark.parametrize(
    ("form", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200)],
)
async def test_get_heeds_what_the_client_has(world: World, form: str, status: int) -> None:
    me = world.home[Role.OWNER]
    call = await GET_PROJECT.arrange(me)
    tag = (await me.send(call)).headers["etag"]

    response = await me.request("GET", call.url, headers={"if-none-match": form.format(tag=tag)})

    assert response.status_code == status
    assert response.headers["etag"] == tag
    assert bool(response.content) is (status == 200)


@pytest.mark.parametrize("name", ["name", "description", "visibility", "reviewed_by_others"])
async def test_update_changes_only_what_is_sent(world: World, name: str) -> None:
    me = world.home[Role.OWNER]
    full = await full_project(me)
    call = await UPDATE_PROJECT.arrange(me)
    before = await find_project(me, call.ids["project_id"])

    response = await me.send(call.with_body({name: full[name]}))

    assert response.status_code == 200, response.text
    assert response.json()[name] == full[name]
    after = await find_project(me, call.ids["project_id"])
    assert changed(before, after) - {"open_tasks"} == {name, "updated_at", "version"}


async def test_update_counts_versions(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me)

    first = await me.send(call)
    second = await me.send(call.given(first.headers["etag"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert len({call.if_match, first.headers["etag"], second.headers["etag"]}) == 3


async def test_delete_ends_the_project(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_PROJECT.arrange(me)
    bystander = await DELETE_PROJECT.arrange(me)

    response = await me.send(call)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert refused(await me.send(call)) == (404, "not-found")
    assert await find_project(me, call.ids["project_id"]) is None
    assert await find_project(me, bystander.ids["project_id"]) is not None


async def test_delete_takes_each_task_along(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_PROJECT.arrange(me)
    child = await make_task(me, project_id=call.ids["project_id"], status="done")
    bystander = await make_task(me)

    response = await me.send(call)

    assert response.status_code == 204, response.text
    assert await find_task(me, child.id) is None
    assert await find_task(me, bystander.id) is not None
    assert child.id in [entry.entity_id for entry in await world.audit_entries()]


async def test_project_statistics_counts_done_7_days_to_the_minute(world: World) -> None:
    me = world.home[Role.OWNER]
    bound, minute = datetime.now(UTC) - timedelta(days=7), timedelta(minutes=1)

    counts = []
    for time in (bound - minute, bound + minute):
        call = await PROJECT_STATISTICS.arrange(me)
        await make_task(me, project_id=call.ids["project_id"], completed_at=time)
        counts.append((await me.send(call)).json()["done_7_days"])

    assert tuple(counts) == (0, 1)


async def test_project_statistics_counts_done_30_days_to_the_minute(world: World) -> None:
    me = world.home[Role.OWNER]
    bound, minute = datetime.now(UTC) - timedelta(days=30), timedelta(minutes=1)

    counts = []
    for time in (bound - minute, bound + minute):
        call = await PROJECT_STATISTICS.arrange(me)
        await make_task(me, project_id=call.ids["project_id"], completed_at=time)
        counts.append((await me.send(call)).json()["done_30_days"])

    assert tuple(counts) == (0, 1)


async def test_link_project_member_links_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await LINK_PROJECT_MEMBER.arrange(me)).given(None)

    first, again = await me.send(call), await me.send(call)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.text == again.text
    after = await find_project(me, call.ids["project_id"])
    assert after is not None
    assert after.member_ids == (call.ids["user_id"],)
    assert len(await world.audit_entries()) == 1


async def test_unlink_project_member_unlinks_what_was_linked(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await UNLINK_PROJECT_MEMBER.arrange(me)).given(None)

    first, again = await me.send(call), await me.send(call)

    assert (first.status_code, first.content) == (204, b"")
    assert refused(again) == (404, "not-found")
    after = await find_project(me, call.ids["project_id"])
    assert after is not None
    assert after.member_ids == ()


async def test_archive_project_changes_the_project(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await ARCHIVE_PROJECT.arrange(me)
    before = await find_project(me, call.ids["project_id"])

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["project_id"])
    assert response.json()["archived"] is True
    after = await find_project(me, call.ids["project_id"])
    assert before != after


async def test_unarchive_project_changes_the_project(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UNARCHIVE_PROJECT.arrange(me)
    before = await find_project(me, call.ids["project_id"])

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["project_id"])
    assert response.json()["archived"] is False
    after = await find_project(me, call.ids["project_id"])
    assert before != after
