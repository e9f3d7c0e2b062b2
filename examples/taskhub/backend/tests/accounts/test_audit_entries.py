"""REQ-018: every change leaves an entry that nobody changes or deletes."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from app.core.errors import NotFoundError
from app.models.audit_entry import audit_entries
from app.models.role import Role
from tests.accounts.people import Person, Service, new_email, outcome
from tests.conftest import HeldClock


@pytest.fixture
async def founder(service: Service) -> Person:
    return await service.founder()


async def test_the_newest_comes_first(founder: Person, clock: HeldClock) -> None:
    clock.move(seconds=1)
    await founder.invite(new_email(), Role.MEMBER)

    trail = await founder.trail()

    assert trail[0]["action"] == "invitation.create"
    assert set(trail[0]) == {
        *("id", "actor_id", "action", "entity_type", "entity_id"),
        *("before", "after", "request_id", "occurred_at"),
    }
    assert trail[0]["before"] is None
    assert trail[0]["after"]["role"] == "member"
    assert "token_hash" not in trail[0]["after"]
    assert trail[0]["occurred_at"] == "2030-01-02T03:04:06.678901Z"


async def test_it_is_filtered(founder: Person, clock: HeldClock) -> None:
    member = await founder.bring_in(Role.MEMBER)
    clock.move(minutes=1)
    await founder.change(member, role="viewer")

    async def actions(**filters: str) -> list[str]:
        return [entry["action"] for entry in await founder.trail(**filters)]

    assert await actions(entity_id=str(member.id)) == ["user.update", "user.create"]
    assert set(await actions(entity_type="invitation")) == {
        "invitation.create",
        "invitation.accept",
    }
    assert set(await actions(actor_id=str(member.id))) == {"user.create", "invitation.accept"}
    assert await actions(occurred_at_from="2030-01-02T03:05:05Z") == ["user.update"]
    before = await actions(occurred_at_before="2030-01-02T04:05:05.678901+01:00")
    assert "user.update" not in before
    assert len(before) == 5


async def test_it_is_walked_page_by_page(founder: Person) -> None:
    for _ in range(5):
        await founder.invite(new_email(), Role.MEMBER)
    whole = [entry["id"] for entry in await founder.trail()]

    walked, cursor = [], {}
    while True:
        response = await founder.get("/v1/audit-entries", limit=3, **cursor)
        walked += [entry["id"] for entry in response.json()["items"]]
        if response.json()["next"] is None:
            break
        cursor = {"cursor": response.json()["next"]}

    assert len(whole) == 7
    assert walked == whole


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.MEMBER, 403), (Role.VIEWER, 403)]
)
async def test_admins_read_it(founder: Person, role: Role, status: int) -> None:
    person = await founder.bring_in(role)

    assert (await person.get("/v1/audit-entries")).status_code == status


async def test_it_knows_no_other_tenant(service: Service, founder: Person) -> None:
    stranger = await service.founder()

    assert await founder.trail(entity_id=str(stranger.id)) == []
    assert await founder.trail(actor_id=str(stranger.id)) == []
    assert len(await stranger.trail(entity_id=str(stranger.id))) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_no_request_changes_it(founder: Person, method: str) -> None:
    entry = (await founder.trail())[0]

    assert outcome(await founder.send(method, "/v1/audit-entries")) == (405, "method-not-allowed")
    assert (await founder.send(method, f"/v1/audit-entries/{entry['id']}")).status_code == 404


async def test_a_refused_change_leaves_no_entry(founder: Person) -> None:
    before = await founder.trail()

    assert (await founder.change(founder, role="viewer")).status_code == 409

    assert await founder.trail() == before


@pytest.mark.parametrize(
    "statement", [update(audit_entries).values(action="nothing"), delete(audit_entries)], ids=str
)
async def test_the_database_refuses_to_change_it(
    service: Service, founder: Person, statement: object
) -> None:
    mine = audit_entries.c.tenant_id == founder.tenant_id
    # PostgreSQL grants neither to the service; SQLite has triggers.
    with pytest.raises((NotFoundError, DBAPIError)):
        async with service.database.begin(founder.tenant_id) as transaction:
            await transaction.execute(statement.where(mine))

    async with service.database.read(founder.tenant_id) as transaction:
        assert await transaction.scalar(select(func.count()).where(mine)) == 2
