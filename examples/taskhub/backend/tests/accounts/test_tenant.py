"""Whoever manages the tenant renames it and sets its time zone; all of its people read both."""

import asyncio
from typing import Any

import pytest

from app.authorization.permissions import FOUNDER, MANAGE_TENANT, ROLE_PERMISSIONS, Role
from tests.accounts.people import Person, Service, outcome, refusal
from tests.requirements import ACCOUNTS, ROLES

pytestmark = pytest.mark.requirement(*ACCOUNTS, *ROLES)

PATH = "/v1/tenant"
BOUND = [role for role in Role if MANAGE_TENANT not in ROLE_PERMISSIONS[role]]
MAY = MANAGE_TENANT in ROLE_PERMISSIONS[FOUNDER]


@pytest.fixture
async def manager(service: Service) -> Person:
    """Somebody who may manage their tenant."""
    founder = await service.founder()
    if MAY:
        return founder
    return await founder.bring_in(next(role for role in Role if role not in BOUND))


async def change(person: Person, body: Any, tag: str = "*") -> Any:
    return await person.send("PATCH", PATH, body, headers={"if-match": tag})


async def test_all_of_its_people_read_it(service: Service) -> None:
    founder = await service.founder()
    for person in [founder, await founder.bring_in(list(Role)[-1])]:
        response = await person.get(PATH)

        body = response.json()
        assert response.status_code == 200
        assert set(body) == {*("id", "name", "time_zone", "created_at", "updated_at", "version")}
        assert (body["name"], body["time_zone"]) == ("Acme", "UTC")


async def test_sign_up_may_name_the_zone(service: Service) -> None:
    for zone in ("Europe/Berlin", "America/Argentina/Buenos_Aires"):
        assert (await service.sign_up(time_zone=zone)).status_code == 201
    for wrong in ("Europe/Atlantis", "", "../etc/passwd", "europe/berlin", "localtime", None, 3):
        refused = await service.sign_up(time_zone=wrong)

        assert outcome(refused) == (422, "validation-error")
        assert [each["pointer"] for each in refusal(refused)["errors"]] == ["#/time_zone"]


async def test_who_manages_it_sets_its_zone(service: Service, manager: Person) -> None:
    before = await manager.get(PATH)

    changed = await change(manager, {"time_zone": "Asia/Tokyo"}, before.headers["etag"])

    after = await manager.get(PATH)
    assert changed.status_code == 200
    assert changed.json() == after.json()
    assert after.json()["time_zone"] == "Asia/Tokyo"
    assert after.json()["name"] == before.json()["name"]
    assert after.json()["version"] == before.json()["version"] + 1
    assert changed.headers["etag"] == after.headers["etag"] != before.headers["etag"]
    entry = (await service.trail(manager.tenant_id))[-1]
    assert (entry.action, entry.before, entry.after) == (
        "tenant.update",
        {"time_zone": "UTC"},
        {"time_zone": "Asia/Tokyo"},
    )


async def test_who_manages_it_renames_it(manager: Person) -> None:
    assert (await change(manager, {"name": "Zeta"})).status_code == 200

    assert (await manager.get("/v1/me")).json()["tenant"]["name"] == "Zeta"


@pytest.mark.parametrize(
    "body", [{"time_zone": "Mars/Olympus"}, {"time_zone": None}, {"name": ""}, {"version": 3}]
)
async def test_what_is_none_is_refused(manager: Person, body: dict[str, Any]) -> None:
    assert outcome(await change(manager, body)) == (422, "validation-error")
    assert (await manager.get(PATH)).json()["version"] == 1


async def test_a_stale_change_is_refused(manager: Person) -> None:
    tag = (await manager.get(PATH)).headers["etag"]
    assert (await change(manager, {"name": "First"}, tag)).status_code == 200

    assert outcome(await change(manager, {"name": "Second"}, tag)) == (412, "precondition-failed")
    unconditional = await manager.send("PATCH", PATH, {"name": "Third"})
    assert outcome(unconditional) == (428, "precondition-required")


async def test_of_two_who_change_it_one_wins(manager: Person) -> None:
    tag = (await manager.get(PATH)).headers["etag"]

    names = ("First", "Second")
    found = await asyncio.gather(*(change(manager, {"name": name}, tag) for name in names))

    assert sorted(response.status_code for response in found) == [200, 412]


@pytest.mark.parametrize("role", BOUND)
async def test_others_may_not_change_it(service: Service, role: Role) -> None:
    founder = await service.founder()
    person = await founder.bring_in(role)

    assert outcome(await change(person, {"name": "Mine"})) == (403, "permission-denied")
    assert (await founder.get(PATH)).json()["name"] == "Acme"


async def test_another_tenant_stays_as_it_is(service: Service, manager: Person) -> None:
    other = await service.founder()
    assert (await change(manager, {"time_zone": "Asia/Tokyo"})).status_code == 200

    assert (await other.get(PATH)).json()["time_zone"] == "UTC"


async def test_nobody_reads_it_without_a_token(service: Service) -> None:
    assert (await service.client.get(PATH)).status_code == 401
