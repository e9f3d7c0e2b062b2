"""Jobs over rows: each row once, refused rows as they were, in batches that are transactions."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from app.core.errors import ConflictError, ServiceUnavailableError
from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.models.audit_entry import audit_entries
from app.models.user import User, users
from app.repositories import batches
from app.repositories.batches import BatchedRepository
from app.worker import rows
from app.worker.rows import EachRow
from app.worker.work import Progress, Retry
from tests.fixtures import _user
from tests.jobs.deeds import PAST
from tests.requirements import JOBS
from tests.roles import COLLEAGUE

pytestmark = pytest.mark.requirement(*JOBS)

UNNAMED = users.c.name != "Done"


class _Users(BatchedRepository[User]):
    table = users
    model = User


class Name(EachRow[User]):
    """Gives everybody the same name; those in `refused` are refused."""

    name: ClassVar = "name"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=1, base=timedelta(seconds=1), cap=timedelta(seconds=1))
    refused: ClassVar[dict[UUID, Exception]] = {}

    async def rows(self, after: UUID | None) -> Sequence[User]:
        return await _Users(self._transaction).batch(UNNAMED, after, tenant_id=self._tenant_id)

    async def do(self, user: User, /) -> None:
        changed = await _Users(self._transaction).update(
            user, {"name": "Done"}, tenant_id=self._tenant_id
        )
        await self._audit.record("user.name", "user", user.id, before=user, after=changed)
        if user.id in self.refused:
            raise self.refused[user.id]


@pytest.fixture
async def people(
    database: Database, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[UUID]]:
    """Five people in a tenant whose jobs take two rows at once."""
    for module in (batches, rows):
        monkeypatch.setattr(module, "BATCH", 2)
    _Users._batch.cache_clear()
    made = []
    async with database.begin(tenant) as transaction:
        for _ in range(5):
            row = {**_user(COLLEAGUE), "id": new_id(), "created_at": PAST, "updated_at": PAST}
            await transaction.execute(insert(users).values(**row, tenant_id=tenant, version=1))
            made.append(row["id"])
    yield sorted(made)
    _Users._batch.cache_clear()
    Name.refused.clear()


async def step(
    database: Database, settings: Settings, tenant_id: TenantId, progress: Progress
) -> Progress:
    async with database.begin(tenant_id) as transaction:
        return await Name(transaction, tenant_id, settings).step(progress)


async def named(database: Database, tenant_id: TenantId) -> list[UUID]:
    found = select(users.c.id).where(users.c.tenant_id == tenant_id, users.c.name == "Done")
    async with database.read(tenant_id) as transaction:
        return [row.id for row in await transaction.all(found.order_by(users.c.id))]


async def trail(database: Database, tenant_id: TenantId) -> list[Any]:
    found = select(audit_entries).where(audit_entries.c.tenant_id == tenant_id)
    async with database.read(tenant_id) as transaction:
        return list(await transaction.all(found.order_by(audit_entries.c.id)))


async def test_each_row_is_changed_once(
    database: Database, job_settings: Settings, tenant: TenantId, people: list[UUID]
) -> None:
    progress, seen = Progress(), []
    while not progress.finished:
        progress = await step(database, job_settings, tenant, progress)
        seen.append(len(await named(database, tenant)))

    assert seen == [2, 4, 5]
    assert progress == Progress(after=people[-1], changed=5, finished=True)
    entries = await trail(database, tenant)
    assert [entry.entity_id for entry in entries] == people
    assert {(entry.actor_id, entry.action) for entry in entries} == {(None, "user.name")}
    again = await step(database, job_settings, tenant, Progress())
    assert (again.changed, again.finished) == (0, True)


async def test_a_row_that_a_rule_refuses_stays_as_it_is(
    database: Database, job_settings: Settings, tenant: TenantId, people: list[UUID]
) -> None:
    Name.refused[people[0]] = Name.refused[people[3]] = ConflictError()

    progress = Progress()
    while not progress.finished:
        progress = await step(database, job_settings, tenant, progress)

    expected = [people[1], people[2], people[4]]
    assert (progress.changed, progress.refused) == (3, {"conflict": 2})
    assert await named(database, tenant) == expected
    assert [entry.entity_id for entry in await trail(database, tenant)] == expected


async def test_a_database_that_is_away_is_no_refusal(
    database: Database, job_settings: Settings, tenant: TenantId, people: list[UUID]
) -> None:
    Name.refused[people[1]] = ServiceUnavailableError()

    with pytest.raises(ServiceUnavailableError):
        await step(database, job_settings, tenant, Progress())
    assert await named(database, tenant) == []


async def test_a_row_that_somebody_holds_is_left_out(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    people: list[UUID],
    on_postgresql: bool,
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has one writer")
    async with database.begin(tenant) as transaction:
        await _Users(transaction).get_for_update(people[0], tenant_id=tenant)
        progress = await step(database, job_settings, tenant, Progress())

    assert await named(database, tenant) == people[1:3]
    assert progress.after == people[2]


def test_progress_is_kept_as_it_is() -> None:
    progress = Progress(after=new_id(), changed=3, refused={"A": 1})

    assert Progress.parse(progress.document()) == progress
    assert Progress.parse({}) == Progress()
