"""Tasks: what clients may send (REQ-011)."""

from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import CANCEL_TASK, CREATE_TASK, UPDATE_TASK
from tests.cases import each_value
from tests.world import World, faults

pytestmark = pytest.mark.requirement("REQ-011")

CREATE_TASK_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("title", "x"),
    ("title", "x" * 255),
    ("description", ""),
    ("description", "x" * 20000),
    ("priority", "low"),
    ("priority", "medium"),
    ("priority", "high"),
    ("priority", "urgent"),
    ("due_at", "2030-01-31T12:00:00.000000Z"),
    ("due_at", "2031-02-28T12:00:00.000000Z"),
    ("due_at", None),
    ("estimate", 0),
    ("estimate", 60000),
    ("estimate", None),
]
CREATE_TASK_REFUSED: Final[list[tuple[str, Any]]] = [
    ("title", ""),
    ("title", "x" * 256),
    ("title", 5),
    ("title", []),
    ("title", {}),
    ("title", None),
    ("description", "x" * 20001),
    ("description", 5),
    ("description", []),
    ("description", {}),
    ("description", None),
    ("priority", "nonsense"),
    ("priority", 5),
    ("priority", None),
    ("due_at", "2030-01-31"),
    ("due_at", "2030-01-31T12:00:00"),
    ("due_at", "2030-02-30T12:00:00Z"),
    ("due_at", 5),
    ("estimate", -1),
    ("estimate", 60001),
    ("estimate", "1"),
    ("estimate", 1.5),
    ("estimate", True),
    ("estimate", []),
    ("project_id", "nonsense"),
    ("project_id", 5),
    ("project_id", None),
    ("assignee_id", "nonsense"),
    ("assignee_id", 5),
    ("parent_id", "nonsense"),
    ("parent_id", 5),
    ("label_ids", "nonsense"),
    ("label_ids", ["nonsense"]),
    ("label_ids", None),
    ("label_ids", [str(UUID(int=n)) for n in range(21)]),
    ("label_ids", [str(UUID(int=1))] * 2),
]
UPDATE_TASK_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("title", "x"),
    ("title", "x" * 255),
    ("description", ""),
    ("description", "x" * 20000),
    ("priority", "low"),
    ("priority", "medium"),
    ("priority", "high"),
    ("priority", "urgent"),
    ("due_at", "2030-01-31T12:00:00.000000Z"),
    ("due_at", "2031-02-28T12:00:00.000000Z"),
    ("due_at", None),
    ("estimate", 0),
    ("estimate", 60000),
    ("estimate", None),
]
UPDATE_TASK_REFUSED: Final[list[tuple[str, Any]]] = [
    ("title", ""),
    ("title", "x" * 256),
    ("title", 5),
    ("title", []),
    ("title", {}),
    ("title", None),
    ("description", "x" * 20001),
    ("description", 5),
    ("description", []),
    ("description", {}),
    ("description", None),
    ("priority", "nonsense"),
    ("priority", 5),
    ("priority", None),
    ("due_at", "2030-01-31"),
    ("due_at", "2030-01-31T12:00:00"),
    ("due_at", "2030-02-30T12:00:00Z"),
    ("due_at", 5),
    ("estimate", -1),
    ("estimate", 60001),
    ("estimate", "1"),
    ("estimate", 1.5),
    ("estimate", True),
    ("estimate", []),
    ("assignee_id", "nonsense"),
    ("assignee_id", 5),
    ("parent_id", "nonsense"),
    ("parent_id", 5),
    ("label_ids", "nonsense"),
    ("label_ids", ["nonsense"]),
    ("label_ids", None),
    ("label_ids", [str(UUID(int=n)) for n in range(21)]),
    ("label_ids", [str(UUID(int=1))] * 2),
]
CANCEL_TASK_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("reason", "xxx"),
    ("reason", "x" * 500),
]
CANCEL_TASK_REFUSED: Final[list[tuple[str, Any]]] = [
    ("reason", "xx"),
    ("reason", "x" * 501),
    ("reason", 5),
    ("reason", []),
    ("reason", {}),
    ("reason", None),
]


@each_value(CREATE_TASK_ACCEPTED)
async def test_create_task_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 201, response.text
    assert response.json()[member] == value


@each_value(CREATE_TASK_REFUSED)
async def test_create_task_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


async def test_create_task_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await CREATE_TASK.arrange(me)).sending(**dict(CREATE_TASK_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in CREATE_TASK_REFUSED}


@pytest.mark.parametrize("member", ["title", "project_id"])
async def test_create_task_needs(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_TASK.arrange(me)

    response = await me.send(call.without(member))

    assert faults(response) == [(f"#/{member}", "missing")]
    assert (await me.send(call)).status_code == 201


@pytest.mark.parametrize(
    "member",
    [
        "tenant_id",
        "nonsense",
        "__proto__",
        "Id",
        "id",
        "number",
        "completed_at",
        "cancel_reason",
        "overdue_told_for",
        "mail_bounced_at",
        "archived_at",
        "status",
        "created_at",
        "updated_at",
        "version",
        "created_by_id",
        "reference",
        "is_overdue",
        "open_subtasks",
        "is_archived",
    ],
)
async def test_create_task_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_TASK.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


@each_value(UPDATE_TASK_ACCEPTED)
async def test_update_task_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 200, response.text
    assert response.json()[member] == value


@each_value(UPDATE_TASK_REFUSED)
async def test_update_task_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


async def test_update_task_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await UPDATE_TASK.arrange(me)).sending(**dict(UPDATE_TASK_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in UPDATE_TASK_REFUSED}


@pytest.mark.parametrize(
    "member",
    [
        "tenant_id",
        "nonsense",
        "__proto__",
        "Id",
        "id",
        "number",
        "completed_at",
        "cancel_reason",
        "overdue_told_for",
        "mail_bounced_at",
        "archived_at",
        "status",
        "created_at",
        "updated_at",
        "version",
        "project_id",
        "created_by_id",
        "reference",
        "is_overdue",
        "open_subtasks",
        "is_archived",
    ],
)
async def test_update_task_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_TASK.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


@each_value(CANCEL_TASK_ACCEPTED)
async def test_cancel_task_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CANCEL_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 200, response.text


@each_value(CANCEL_TASK_REFUSED)
async def test_cancel_task_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CANCEL_TASK.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


async def test_cancel_task_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await CANCEL_TASK.arrange(me)).sending(**dict(CANCEL_TASK_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in CANCEL_TASK_REFUSED}


@pytest.mark.parametrize("member", ["reason"])
async def test_cancel_task_needs(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CANCEL_TASK.arrange(me)

    response = await me.send(call.without(member))

    assert faults(response) == [(f"#/{member}", "missing")]
    assert (await me.send(call)).status_code == 200


@pytest.mark.parametrize("member", ["tenant_id", "nonsense", "__proto__", "Id", "id"])
async def test_cancel_task_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CANCEL_TASK.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200
