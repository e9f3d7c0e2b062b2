"""Every change leaves an entry that nobody changes or deletes."""

import sqlite3

import pytest
from sqlalchemy import delete, func, select, update

from app.authorization.permissions import FOUNDER, READ_AUDIT, ROLE_PERMISSIONS
from app.core.errors import NotFoundError
from app.models.audit_entry import audit_entries
from app.models.role import Role
from tests.accounts.people import Person, Service, new_email, outcome
from tests.conftest import HeldClock
from tests.requirements import AUDIT
from tests.roles import COLLEAGUE, GRANTED

pytestmark = pytest.mark.requirement(*AUDIT)


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


@pytest.fixture
def reader(founder: Person) -> Person:
    """The founder, who reads the trail."""
    if READ_AUDIT not in ROLE_PERMISSIONS[FOUNDER]:
        pytest.skip("Founders do not read the audit trail.")
    return founder


async def test_the_newest_comes_first(reader: Person, clock: HeldClock) -> None:
    clock.move(seconds=1)
    await reader.invite(new_email(), COLLEAGUE)

    trail = await reader.trail()

    assert trail[0]["action"] == "invitation.create"
    assert set(trail[0]) == {
        *("id", "actor_id", "action", "entity_type", "entity_id"),
        *("before", "after", "request_id", "occurred_at"),
    }
    assert trail[0]["before"] is None
    assert trail[0]["after"]["role"] == COLLEAGUE
    assert "token_hash" not in trail[0]["after"]
    assert trail[0]["occurred_at"] == "2030-01-02T03:04:06.678901Z"


async def test_it_is_filtered(reader: Person, clock: HeldClock) -> None:
    member = await reader.bring_in(COLLEAGUE)
    clock.move(seconds=10)
    await reader.change(member, disabled=True)

    async def actions(**filters: str) -> list[str]:
        return [entry["action"] for entry in await reader.trail(**filters)]

    assert await actions(entity_id=str(member.id)) == ["user.update", "user.create"]
    assert set(await actions(entity_type="invitation")) == {
        "invitation.create",
        "invitation.accept",
    }
    assert set(await actions(actor_id=str(member.id))) == {"user.create", "invitation.accept"}
    assert await actions(occurred_at_from="2030-01-02T03:04:15Z") == ["user.update"]
    before = await actions(occurred_at_before="2030-01-02T04:04:15.678901+01:00")
    assert "user.update" not in before
    assert len(before) == 5


async def test_it_is_walked_page_by_page(reader: Person) -> None:
    for _ in range(5):
        await reader.invite(new_email(), COLLEAGUE)
    whole = [entry["id"] for entry in await reader.trail()]

    walked, cursor = [], {}
    while True:
        response = await reader.get("/v1/audit-entries", limit=3, **cursor)
        walked += [entry["id"] for entry in response.json()["items"]]
        if response.json()["next"] is None:
            break
        cursor = {"cursor": response.json()["next"]}

    assert len(whole) == 7
    assert walked == whole


@pytest.mark.parametrize("role", GRANTED)
async def test_who_may_reads_it(founder: Person, role: Role) -> None:
    person = await founder.bring_in(role)
    response = await person.get("/v1/audit-entries")

    if READ_AUDIT in ROLE_PERMISSIONS[role]:
        assert response.status_code == 200
    else:
        assert outcome(response) == (403, "permission-denied")


async def test_it_knows_no_other_tenant(service: Service, reader: Person) -> None:
    stranger = await service.founder()

    assert await reader.trail(entity_id=str(stranger.id)) == []
    assert await reader.trail(actor_id=str(stranger.id)) == []
    assert len(await stranger.trail(entity_id=str(stranger.id))) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_no_request_changes_it(reader: Person, method: str) -> None:
    entry = (await reader.trail())[0]

    assert outcome(await reader.send(method, "/v1/audit-entries")) == (405, "method-not-allowed")
    assert (await reader.send(method, f"/v1/audit-entries/{entry['id']}")).status_code == 404


async def test_a_refused_change_leaves_no_entry(service: Service, founder: Person) -> None:
    before = await service.trail(founder.tenant_id)

    assert (await founder.change(founder, disabled=True)).status_code == 409

    assert await service.trail(founder.tenant_id) == before


@pytest.mark.parametrize(
    "statement", [update(audit_entries).values(action="nothing"), delete(audit_entries)], ids=str
)
async def test_the_database_refuses_to_change_it(
    service: Service, founder: Person, statement: object
) -> None:
    mine = audit_entries.c.tenant_id == founder.tenant_id
    # PostgreSQL grants neither to the service; SQLite has triggers.
    with pytest.raises((NotFoundError, sqlite3.IntegrityError)):
        async with service.database.begin(founder.tenant_id) as transaction:
            await transaction.execute(statement.where(mine))

    async with service.database.read(founder.tenant_id) as transaction:
        assert await transaction.scalar(select(func.count()).where(mine)) == 2
