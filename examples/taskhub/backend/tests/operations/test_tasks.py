"""Tasks: what each operation answers and leaves behind (REQ-011)."""

from typing import Any, Final
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import CREATE_TASK, DELETE_TASK, GET_TASK, UPDATE_TASK
from tests.factories.attachments import find_attachment, make_attachment
from tests.factories.comments import find_comment, make_comment
from tests.factories.tasks import find_task, full_task, make_task
from tests.world import World, changed, refused

pytestmark = pytest.mark.requirement("REQ-011")

MEMBERS: Final = {
    "archived_at",
    "assignee_id",
    "cancel_reason",
    "completed_at",
    "created_at",
    "created_by_id",
    "description",
    "due_at",
    "estimate",
    "id",
    "is_archived",
    "is_overdue",
    "label_ids",
    "mail_bounced_at",
    "number",
    "open_subtasks",
    "parent_id",
    "priority",
    "project_id",
    "reference",
    "status",
    "title",
    "updated_at",
    "version",
}


async def test_create_stores_what_is_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    body = await full_task(me)
    call = (await CREATE_TASK.arrange(me)).with_body(body)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    created = response.json()
    assert created.keys() == MEMBERS
    shown = body.keys()
    assert {name: created[name] for name in shown} == {name: body[name] for name in shown}
    path = f"/v1/tasks/{created['id']}"
    assert response.headers["location"] == path
    read = await me.get(path)
    assert read.json() == created
    assert read.headers["etag"] == response.headers["etag"]


async def test_create_fills_in_what_is_not_sent(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_TASK.arrange(me)

    response = await me.send(call)

    assert response.status_code == 201, response.text
    defaults: dict[str, Any] = {
        "description": "",
        "priority": "medium",
        "due_at": None,
        "estimate": None,
        "completed_at": None,
        "cancel_reason": None,
        "mail_bounced_at": None,
        "archived_at": None,
        "status": "todo",
        "version": 1,
        "assignee_id": None,
        "parent_id": None,
        "label_ids": [],
        "created_by_id": str(me.id),
    }
    assert {name: response.json()[name] for name in defaults} == defaults


async def test_each_creation_makes_another_row(world: World) -> None:
    me = world.home[Role.OWNER]

    first = await me.send(await CREATE_TASK.arrange(me))
    second = await me.send(await CREATE_TASK.arrange(me))

    assert first.headers["location"] != second.headers["location"]
    for response in (first, second):
        identifier = UUID(response.headers["location"].rpartition("/")[2])
        assert await find_task(me, identifier) is not None


async def test_get_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_TASK.arrange(me)

    response = await me.send(call)

    assert response.status_code == 200, response.text
    assert response.json().keys() == MEMBERS
    assert response.json()["id"] == str(call.ids["task_id"])
    assert response.headers["cache-control"] == "no-store"


async def test_head_answers_as_get_does(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await GET_TASK.arrange(me)

    response = await me.request("HEAD", call.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == (await me.send(call)).headers["content-length"]


@pytest.mark.parametrize(
    ("form", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200)],
)
async def test_get_heeds_what_the_client_has(world: World, form: str, status: int) -> None:
    me = world.home[Role.OWNER]
    call = await GET_TASK.arrange(me)
    tag = (await me.send(call)).headers["etag"]

    response = await me.request("GET", call.url, headers={"if-none-match": form.format(tag=tag)})

    assert response.status_code == status
    assert response.headers["etag"] == tag
    assert bool(response.content) is (status == 200)


@pytest.mark.parametrize(
    "name",
    [
        "title",
        "description",
        "priority",
        "due_at",
        "estimate",
        "assignee_id",
        "parent_id",
        "label_ids",
    ],
)
async def test_update_changes_only_what_is_sent(world: World, name: str) -> None:
    me = world.home[Role.OWNER]
    full = await full_task(me)
    call = await UPDATE_TASK.arrange(me, project_id=UUID(full["project_id"]))
    before = await find_task(me, call.ids["task_id"])

    response = await me.send(call.with_body({name: full[name]}))

    assert response.status_code == 200, response.text
    assert response.json()[name] == full[name]
    after = await find_task(me, call.ids["task_id"])
    assert changed(before, after) - {"is_archived", "is_overdue", "open_subtasks", "reference"} == {
        name,
        "updated_at",
        "version",
    }


@pytest.mark.parametrize("name", ["due_at", "estimate", "assignee_id", "parent_id"])
async def test_update_clears_what_is_null(world: World, name: str) -> None:
    me = world.home[Role.OWNER]
    full = await full_task(me)
    call = await UPDATE_TASK.arrange(me, project_id=UUID(full["project_id"]))
    filled = await me.send(call.with_body({name: full[name]}))
    assert filled.json()[name] == full[name]

    response = await me.send(call.with_body({name: None}).given(filled.headers["etag"]))

    assert response.status_code == 200, response.text
    assert response.json()[name] is None


async def test_update_counts_versions(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me)

    first = await me.send(call)
    second = await me.send(call.given(first.headers["etag"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert len({call.if_match, first.headers["etag"], second.headers["etag"]}) == 3


async def test_delete_ends_the_task(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_TASK.arrange(me)
    bystander = await DELETE_TASK.arrange(me)

    response = await me.send(call)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert refused(await me.send(call)) == (404, "not-found")
    assert await find_task(me, call.ids["task_id"]) is None
    assert await find_task(me, bystander.ids["task_id"]) is not None


async def test_delete_is_refused_while_task_refers_to_it(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_TASK.arrange(me)
    child = await make_task(me, parent_id=call.ids["task_id"])

    response = await me.send(call)

    assert refused(response) == (409, "conflict-referenced")
    assert await find_task(me, child.id) == child
    assert await world.audit_entries() == []


async def test_delete_takes_each_comment_along(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_TASK.arrange(me)
    child = await make_comment(me, task_id=call.ids["task_id"])
    bystander = await make_comment(me)

    response = await me.send(call)

    assert response.status_code == 204, response.text
    assert await find_comment(me, child.id) is None
    assert await find_comment(me, bystander.id) is not None
    assert child.id in [entry.entity_id for entry in await world.audit_entries()]


async def test_delete_takes_each_attachment_along(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await DELETE_TASK.arrange(me)
    child = await make_attachment(me, task_id=call.ids["task_id"])
    bystander = await make_attachment(me)

    response = await me.send(call)

    assert response.status_code == 204, response.text
    assert await find_attachment(me, child.id) is None
    assert await find_attachment(me, bystander.id) is not None
    assert child.id in [entry.entity_id for entry in await world.audit_entries()]
