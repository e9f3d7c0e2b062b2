"""Comments: what clients may send (REQ-013)."""

from typing import Any, Final
from uuid import uuid4

import pytest

from app.authorization.permissions import Role
from tests.calls.comments import CREATE_COMMENT, UPDATE_COMMENT
from tests.cases import each_value
from tests.world import World, faults

pytestmark = pytest.mark.requirement("REQ-013")

CREATE_COMMENT_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("body", "x"),
    ("body", "x" * 5000),
]
CREATE_COMMENT_REFUSED: Final[list[tuple[str, Any]]] = [
    ("body", ""),
    ("body", "x" * 5001),
    ("body", 5),
    ("body", []),
    ("body", {}),
    ("body", None),
]
UPDATE_COMMENT_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("body", "x"),
    ("body", "x" * 5000),
]
UPDATE_COMMENT_REFUSED: Final[list[tuple[str, Any]]] = [
    ("body", ""),
    ("body", "x" * 5001),
    ("body", 5),
    ("body", []),
    ("body", {}),
    ("body", None),
]


@each_value(CREATE_COMMENT_ACCEPTED)
async def test_create_comment_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_COMMENT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 201, response.text
    assert response.json()[member] == value


@each_value(CREATE_COMMENT_REFUSED)
async def test_create_comment_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_COMMENT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


async def test_create_comment_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await CREATE_COMMENT.arrange(me)).sending(**dict(CREATE_COMMENT_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in CREATE_COMMENT_REFUSED}


@pytest.mark.parametrize("member", ["body"])
async def test_create_comment_needs(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_COMMENT.arrange(me)

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
        "created_at",
        "updated_at",
        "version",
        "task_id",
        "author_id",
    ],
)
async def test_create_comment_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_COMMENT.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


@each_value(UPDATE_COMMENT_ACCEPTED)
async def test_update_comment_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_COMMENT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 200, response.text
    assert response.json()[member] == value


@each_value(UPDATE_COMMENT_REFUSED)
async def test_update_comment_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_COMMENT.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


async def test_update_comment_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await UPDATE_COMMENT.arrange(me)).sending(**dict(UPDATE_COMMENT_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in UPDATE_COMMENT_REFUSED}


@pytest.mark.parametrize(
    "member",
    [
        "tenant_id",
        "nonsense",
        "__proto__",
        "Id",
        "id",
        "created_at",
        "updated_at",
        "version",
        "task_id",
        "author_id",
    ],
)
async def test_update_comment_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_COMMENT.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200
