"""A worker: takes what is due, keeps its leases, and stops without losing anything."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.background import workers
from app.models.job import JobState
from app.worker.queue import Queue
from app.worker.work import Work
from app.worker.worker import Worker
from tests.jobs.deeds import PAST, add_tenant, change, deed, deeds, enqueue, is_in, job, until
from tests.requirements import JOBS

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(2)]

type Start = Callable[..., Any]


@pytest.fixture
def started(database: Database, job_settings: Settings) -> Start:
    @asynccontextmanager
    async def start(*works: type[Work], **settings: Any) -> AsyncIterator[Worker]:
        own = job_settings.model_copy(update=settings)
        worker = Worker(database, own, jobs=works, schedules=[], chance=lambda: 0.0)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await asyncio.wait_for(running, 30)

    return start


@pytest.fixture
def many_writers(on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has one writer: a step that takes long holds up all others.")


async def test_what_is_queued_is_done(database: Database, tenant: TenantId, started: Start) -> None:
    work = deed()
    ids = [await enqueue(database, tenant, work) for _ in range(5)]

    async with started(work):
        await until(lambda: is_in(database, ids, JobState.DONE))

    assert await deeds(database, tenant) == 5


async def test_what_is_queued_in_its_process_wakes_it(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = deed()
    async with started(work, worker_poll=60.0):
        await asyncio.sleep(0.3)
        job_id = await enqueue(database, tenant, work)
        await until(lambda: is_in(database, [job_id], JobState.DONE), 5)


async def test_what_fails_is_attempted_again(
    database: Database, tenant: TenantId, started: Start
) -> None:
    steps: list[int] = []

    async def act(step: int) -> None:
        steps.append(step)
        if len(steps) < 3:
            raise KeyError

    work = deed(act)
    job_id = await enqueue(database, tenant, work)
    async with started(work):
        await until(lambda: is_in(database, [job_id], JobState.DONE))

    assert (await job(database, job_id)).attempt == len(steps) == 3


@pytest.mark.usefixtures("many_writers")
async def test_it_does_no_more_at_once_than_it_may(database: Database, started: Start) -> None:
    running = most = 0

    async def act(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    work = deed(act)
    ids = [await enqueue(database, await add_tenant(database), work) for _ in range(9)]
    async with started(work, worker_jobs=3):
        await until(lambda: is_in(database, ids, JobState.DONE))

    assert most == 3


async def test_a_lease_lasts_as_long_as_the_worker_lives(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = deed(lambda _: asyncio.sleep(2.5))
    job_id = await enqueue(database, tenant, work)

    async with started(work), started(work):
        await until(lambda: is_in(database, [job_id], JobState.DONE))

    assert (await job(database, job_id)).attempt == await deeds(database, tenant) == 1


@pytest.mark.usefixtures("many_writers")
async def test_a_run_whose_lease_was_taken_away_ends(
    database: Database, tenant: TenantId, started: Start
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def act(_: int) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    work = deed(act)
    job_id = await enqueue(database, tenant, work)
    async with started(work):
        await begun.wait()
        await change(database, job_id, state=JobState.CANCELLED, token=None)
        await asyncio.wait_for(ended.wait(), 10)

    assert (await job(database, job_id)).state is JobState.CANCELLED
    assert await deeds(database, tenant) == 0


async def test_what_a_dead_worker_left_is_done(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = deed()
    job_id = await enqueue(database, tenant, work)
    await change(database, job_id, state=JobState.LEASED, attempt=1, token=job_id)
    await change(database, job_id, leased_until=PAST)

    async with started(work):
        await until(lambda: is_in(database, [job_id], JobState.DONE))

    assert (await job(database, job_id)).attempt == 2


async def test_it_finishes_the_step_at_hand_before_it_stops(
    database: Database, tenant: TenantId, started: Start
) -> None:
    begun = asyncio.Event()

    async def act(_: int) -> None:
        begun.set()
        await asyncio.sleep(0.5)

    work = deed(act, steps=9)
    job_id = await enqueue(database, tenant, work)
    async with started(work):
        await begun.wait()

    waiting = await job(database, job_id)
    assert (waiting.state, waiting.attempt) == (JobState.QUEUED, 0)
    assert waiting.progress["changed"] == await deeds(database, tenant) == 1


@pytest.mark.usefixtures("many_writers")
async def test_it_gives_back_what_takes_too_long_to_stop(
    database: Database, tenant: TenantId, started: Start
) -> None:
    begun = asyncio.Event()

    async def act(_: int) -> None:
        begun.set()
        await asyncio.sleep(60)

    work = deed(act, timeout=deed().timeout * 9)
    job_id = await enqueue(database, tenant, work)
    async with started(work, shutdown_timeout=1):
        await begun.wait()

    waiting = await job(database, job_id)
    assert (waiting.state, waiting.attempt, waiting.history) == (JobState.QUEUED, 0, [])
    assert await deeds(database, tenant) == 0


async def test_it_outlives_a_database_that_is_away(
    database: Database, tenant: TenantId, started: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Queue.take
    failures = iter([ServiceUnavailableError(), KeyError()])

    async def take(queue: Queue, *asked: Any) -> Any:
        if (error := next(failures, None)) is not None:
            raise error
        return await taken(queue, *asked)

    monkeypatch.setattr(Queue, "take", take)
    work = deed()
    job_id = await enqueue(database, tenant, work)
    async with started(work):
        await until(lambda: is_in(database, [job_id], JobState.DONE))


async def test_it_signs_on_and_off(database: Database, started: Start) -> None:
    async def known() -> int:
        async with database.opened(WORKER_SCOPE) as transaction:
            return len(await transaction.all(select(workers)))

    before = await known()
    async with started(), started():
        await until(lambda: _is(known, before + 2))

    assert await known() == before


async def _is(count: Callable[[], Any], expected: int) -> bool:
    return bool(await count() == expected)
