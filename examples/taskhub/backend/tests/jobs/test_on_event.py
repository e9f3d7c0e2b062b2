"""Jobs that an event starts: from the outbox to what they do, once and in its tenant."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
from sqlalchemy import delete

from app.core.context import correlation_id
from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import RELAY_SCOPE
from app.models.job import JobState
from app.models.outbox_message import outbox_messages
from app.repositories.users import UserRepository
from app.worker.work import Work
from app.worker.worker import Worker
from tests.jobs.bells import CORRELATION, Hearing, Rung, hearing, queued, relay, ring
from tests.jobs.deeds import deeds, until
from tests.requirements import JOBS
from tests.world import number

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(2)]

type Start = Callable[..., Any]


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    async with database.opened(RELAY_SCOPE) as transaction:
        await transaction.execute(delete(outbox_messages))


@pytest.fixture
def started(database: Database, job_settings: Settings) -> Start:
    @asynccontextmanager
    async def start(work: type[Work], **settings: Any) -> AsyncIterator[Worker]:
        own = job_settings.model_copy(update=settings)
        worker = Worker(database, own, jobs=[work], schedules=[], events=[Rung])
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await asyncio.wait_for(running, 30)

    return start


async def in_state(database: Database, work: type[Work], state: JobState, count: int = 1) -> bool:
    """Return whether so many jobs of a kind are there, all in that state."""
    rows = await queued(database, work)
    return len(rows) == count and {row.state for row in rows} == {state}


async def test_what_happens_in_its_process_wakes_it(
    database: Database, tenant: TenantId, other_tenant: TenantId, started: Start
) -> None:
    work = hearing()
    async with started(work, worker_poll=60.0):
        await asyncio.sleep(0.3)
        await ring(database, tenant)
        await until(lambda: in_state(database, work, JobState.DONE), 5)

    assert await deeds(database, tenant) == 1
    assert await deeds(database, other_tenant) == 0


async def test_what_happened_elsewhere_is_found(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = hearing()
    for _ in range(3):
        await ring(database, tenant)

    async with started(work):
        await until(lambda: in_state(database, work, JobState.DONE, 3))
        for _ in range(3):
            await relay(database, work).relay()

    assert await deeds(database, tenant) == 3


async def test_an_event_that_asks_for_nothing_is_done_with(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = hearing()
    await ring(database, tenant, times=0)

    async with started(work):
        await until(lambda: in_state(database, work, JobState.DONE))

    assert await deeds(database, tenant) == 0


async def test_an_event_about_what_is_gone_is_done_with(
    database: Database, tenant: TenantId, started: Start
) -> None:
    class Looking(Hearing):
        """Looks for a person that nobody is."""

        name: ClassVar = f"looking_{number()}"

        async def follow(self) -> None:
            await self.found(UserRepository(self._transaction), new_id())

    await ring(database, tenant)

    async with started(Looking):
        await until(lambda: in_state(database, Looking, JobState.DONE))

    assert await deeds(database, tenant) == 0


async def test_its_work_is_known_by_the_request_that_it_follows(
    database: Database, tenant: TenantId, started: Start
) -> None:
    known_by: list[str | None] = []

    async def act(_: int) -> None:
        known_by.append(correlation_id())

    work = hearing(act)
    await ring(database, tenant)

    async with started(work):
        await until(lambda: in_state(database, work, JobState.DONE))

    assert known_by == [CORRELATION]
