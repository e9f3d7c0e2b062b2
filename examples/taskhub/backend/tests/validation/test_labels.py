"""Labels: what clients may send (REQ-010)."""

from typing import Any, Final
from uuid import uuid4

import pytest

from app.authorization.permissions import Role
from tests.calls.labels import CREATE_LABEL, UPDATE_LABEL
from tests.cases import each_value
from tests.world import World, faults

pytestmark = pytest.mark.requirement("REQ-010")

CREATE_LABEL_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("name", "x"),
    ("name", "x" * 50),
    ("color", "#000000"),
    ("color", "#111111"),
]
CREATE_LABEL_REFUSED: Final[list[tuple[str, Any]]] = [
    ("name", ""),
    ("name", "x" * 51),
    ("name", 5),
    ("name", []),
    ("name", {}),
    ("name", None),
    ("color", "x" * 256),
    ("color", "#00000!"),
    ("color", 5),
    ("color", []),
    ("color", {}),
    ("color", None),
]
UPDATE_LABEL_ACCEPTED: Final[list[tuple[str, Any]]] = [
    ("name", "x"),
    ("name", "x" * 50),
    ("color", "#000000"),
    ("color", "#111111"),
]
UPDATE_LABEL_REFUSED: Final[list[tuple[str, Any]]] = [
    ("name", ""),
    ("name", "x" * 51),
    ("name", 5),
    ("name", []),
    ("name", {}),
    ("name", None),
    ("color", "x" * 256),
    ("color", "#00000!"),
    ("color", 5),
    ("color", []),
    ("color", {}),
    ("color", None),
]


@each_value(CREATE_LABEL_ACCEPTED)
async def test_create_label_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_LABEL.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 201, response.text
    assert response.json()[member] == value


@each_value(CREATE_LABEL_REFUSED)
async def test_create_label_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_LABEL.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


async def test_create_label_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await CREATE_LABEL.arrange(me)).sending(**dict(CREATE_LABEL_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in CREATE_LABEL_REFUSED}


@pytest.mark.parametrize("member", ["name"])
async def test_create_label_needs(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_LABEL.arrange(me)

    response = await me.send(call.without(member))

    assert faults(response) == [(f"#/{member}", "missing")]
    assert (await me.send(call)).status_code == 201


@pytest.mark.parametrize(
    "member",
    ["tenant_id", "nonsense", "__proto__", "Id", "id", "created_at", "updated_at", "version"],
)
async def test_create_label_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await CREATE_LABEL.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 201


@each_value(UPDATE_LABEL_ACCEPTED)
async def test_update_label_accepts(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_LABEL.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert response.status_code == 200, response.text
    assert response.json()[member] == value


@each_value(UPDATE_LABEL_REFUSED)
async def test_update_label_refuses(world: World, member: str, value: Any) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_LABEL.arrange(me)

    response = await me.send(call.sending(**{member: value}))

    assert {place.split("/")[1] for place, _ in faults(response)} == {member}
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200


async def test_update_label_names_every_fault_at_once(world: World) -> None:
    me = world.home[Role.OWNER]
    call = (await UPDATE_LABEL.arrange(me)).sending(**dict(UPDATE_LABEL_REFUSED))

    first, second = await me.send(call), await me.send(call)

    assert faults(first) == faults(second) == sorted(faults(first))
    places = {place.split("/")[1] for place, _ in faults(first)}
    assert places == {member for member, _ in UPDATE_LABEL_REFUSED}


@pytest.mark.parametrize(
    "member",
    ["tenant_id", "nonsense", "__proto__", "Id", "id", "created_at", "updated_at", "version"],
)
async def test_update_label_refuses_other_members(world: World, member: str) -> None:
    me = world.home[Role.OWNER]
    call = await UPDATE_LABEL.arrange(me)

    for value in (None, 1, "x", str(uuid4())):
        response = await me.send(call.sending(**{member: value}))
        assert faults(response) == [("#", "unknown")]

    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == 200
