"""Projects: what clients may send (REQ-010)."""

from typing import Any, Final
from uuid import uuid4

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import CREATE_PROJECT, UPDATE_PROJECT
from tests.cases import each_value
from tests.world import World, faults

pytestmark = pytest.mark.requirement("REQ-010")

CREATE_PROJECT_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("name", "x"),
    ("name", "x" * 120),
    ("key", "AA"),
    ("key", "BB"),
    ("description", ""),
    ("description", "x" * 10000),
    ("visibility", "tenant"),
    ("visibility", "private"),
    ("reviewed_by_others", False),
    ("reviewed_by_others", True),
]
CREATE_PROJECT_REFUSED: Final[list[tuple[str, Any]]] = [
    ("name", ""),
    ("name", "x" * 121),
    ("name", 5),
    ("name", []),
    ("name", {}),
    ("name", None),
    ("key", "x" * 256),
    ("key", "A!"),
    ("key", 5),
    ("key", []),
    ("key", {}),
    ("key", None),
    ("description", "x" * 10001),
    ("description", 5),
    ("description", []),
    ("description", {}),
    ("description", None),
    ("visibility", "nonsense"),
    ("visibility", 5),
    ("visibility", None),
    ("reviewed_by_others", "true"),
    ("reviewed_by_others", 1),
    ("reviewed_by_others", []),
    ("reviewed_by_others", None),
]
UPDATE_PROJECT_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("name", "x"),
    ("name", "x" * 120),
    ("description", ""),
    ("description", "x" * 10000),
    ("visibility", "tenant"),
    ("visibility", "private"),
    ("reviewed_by_others", False),
    ("reviewed_by_others", True),
]
UPDATE_PROJECT_REFUSED: Final[list[tuple[str, Any]]] = [
    ("name", ""),
    ("name", "x" * 121),
    ("name", 5),
    ("name", []),
    ("name", {}),
    ("name", None),
    ("description", "x" * 10001),
    ("description", 5),
    ("description", []),
    ("description", {}),
    ("description", None),
    ("visibility", "nonsense"),
    ("visibility", 5),
    ("visibility", None),
    ("reviewed_by_others", "true"),
    ("reviewed_by_others", 1),
    ("reviewed_by_others", []),
    ("reviewed_by_others", None),
]


@each_value(CREATE_PROJECT_ACCEPTED)
async def test_create_project_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_PROJECT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 201, response.text
    assert response.json()[member] == value


@each_value(CREATE_PROJECT_REFUSED)
async def test_create_project_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_PROJECT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


async def test_create_project_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await CREATE_PROJECT.arrange(me)).sending(**dict(CREATE_PROJECT_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in CREATE_PROJECT_REFUSED}


@pytest.mark.parametrize("member", ["name", "key"])
async def test_create_project_needs(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_PROJECT.arrange(me)

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
        "archived",
        "created_at",
        "updated_at",
        "version",
        "member_ids",
        "created_by_id",
        "open_tasks",
    ],
)
async def test_create_project_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_PROJECT.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


@each_value(UPDATE_PROJECT_ACCEPTED)
async def test_update_project_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 200, response.text
    assert response.json()[member] == value


@each_value(UPDATE_PROJECT_REFUSED)
async def test_update_project_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


async def test_update_project_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await UPDATE_PROJECT.arrange(me)).sending(**dict(UPDATE_PROJECT_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in UPDATE_PROJECT_REFUSED}


@pytest.mark.parametrize(
    "member",
    [
        "tenant_id",
        "nonsense",
        "__proto__",
        "Id",
        "id",
        "key",
        "archived",
        "created_at",
        "updated_at",
        "version",
        "member_ids",
        "created_by_id",
        "open_tasks",
    ],
)
async def test_update_project_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_PROJECT.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200
