"""Jobs that are leased before a worker is free: only while they are quick, and never for long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.job import JobState, jobs
from app.worker import ahead
from app.worker.ahead import Ahead
from app.worker.lease import Lease
from app.worker.queue import Queue
from app.worker.work import Part, Progress, Retry, Work
from app.worker.worker import Worker
from tests.jobs.deeds import Act, add_tenant, deed, deeds, enqueue, is_in, job, until
from tests.requirements import JOBS

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(2)]

QUICK: Final = 0.002
MANY: Final = 25
AT_ONCE: Final = 2

type Start = Callable[..., Any]


def lease(*, attempt: int = 1) -> Lease:
    id_ = new_id()
    return Lease(
        id=id_,
        tenant_id=TenantId(new_id()),
        name="deed",
        token=new_id(),
        attempt=attempt,
        max_attempts=3,
        progress=Progress(),
        history=(),
        announced=None,
        correlation_id=None,
        part=Part(job_id=id_, run_id=id_),
    )


@pytest.mark.parametrize(
    ("seconds", "most"), [(QUICK, 32), (0.09, 8), (0.19, 4), (0.79, 1), (1.0, 0), (60.0, 0)]
)
def test_it_holds_what_is_begun_within_a_moment(seconds: float, most: int) -> None:
    held = Ahead(8)
    assert held.most == 0
    for _ in range(60):
        held.note(lease(), seconds)
    assert held.most == most


def test_one_long_job_lets_it_hold_less() -> None:
    held = Ahead(8)
    for _ in range(60):
        held.note(lease(), QUICK)
    held.note(lease(), 10)
    assert held.most == 0


def test_it_holds_nothing_while_most_jobs_have_one_attempt() -> None:
    held = Ahead(8)
    for _ in range(60):
        held.note(lease(attempt=3), QUICK)
    assert held.most == 0


def test_what_has_waited_too_long_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    held, (old, new) = Ahead(8), (lease(), lease())
    held.add([old])
    assert held.stale() == []
    monkeypatch.setattr(ahead, "_STALE", -1.0)
    assert held.stale() == [old]
    held.add([new])
    held.drop({old.id})
    assert (list(held.leases), held.next(), len(held)) == ([new], new, 0)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch, *, on_postgresql: bool) -> None:
    """Let jobs count as quick, however busy the machine is."""
    if not on_postgresql:
        pytest.skip("SQLite has one writer: a step that takes long holds up all others.")
    monkeypatch.setattr(ahead, "_MOMENT", 2.0)


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
def takes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many jobs were asked for, each time."""
    asked: list[int] = []
    take = Queue.take

    async def counted(queue: Queue, limit: int, *more: Any) -> Any:
        asked.append(limit)
        return await take(queue, limit, *more)

    monkeypatch.setattr(Queue, "take", counted)
    return asked


def stopping_after(quick: int) -> tuple[Act, asyncio.Event]:
    """Return what is quick at first, and from then on takes long; and what tells that it does."""
    numbers, slow = count(1), asyncio.Event()

    async def act(_: int) -> None:
        if next(numbers) > quick:
            slow.set()
            await asyncio.sleep(4)

    return act, slow


async def many(database: Database, work: type[Work]) -> list[Any]:
    return [await enqueue(database, await add_tenant(database), work) for _ in range(2 * MANY)]


async def are_held(database: Database, ids: Sequence[UUID]) -> bool:
    """Return whether more of the jobs are leased than run."""
    return await leased(database, ids) > AT_ONCE


async def leased(database: Database, ids: Sequence[UUID]) -> int:
    """Return how many of the jobs somebody has leased."""
    found = select(jobs.c.id).where(jobs.c.id.in_(ids), jobs.c.state == JobState.LEASED)
    async with database.opened(WORKER_SCOPE) as transaction:
        return len(await transaction.all(found))


@pytest.mark.usefixtures("patient")
async def test_quick_jobs_are_taken_many_at_a_time(
    database: Database, started: Start, takes: list[int]
) -> None:
    work = deed()
    ids = await many(database, work)

    async with started(work, worker_jobs=AT_ONCE):
        await until(lambda: is_in(database, ids, JobState.DONE))

    assert max(takes) > AT_ONCE
    for each in ids:
        done = await job(database, each)
        assert done.attempt == await deeds(database, done.tenant_id) == 1


@pytest.mark.usefixtures("patient")
async def test_who_stops_puts_back_what_has_not_begun(database: Database, started: Start) -> None:
    act, slow = stopping_after(MANY)
    work = deed(act)
    ids = await many(database, work)

    async with started(work, worker_jobs=AT_ONCE):
        await slow.wait()
        await until(lambda: are_held(database, ids))

    left = [found for each in ids if (found := await job(database, each)).state != JobState.DONE]
    assert {(each.state, each.attempt, each.token) for each in left} == {(JobState.QUEUED, 0, None)}
    assert all([await deeds(database, each.tenant_id) == 0 for each in left])


@pytest.mark.usefixtures("patient")
async def test_what_waits_too_long_is_left_to_others(
    database: Database, started: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, slow = stopping_after(MANY)
    work = deed(act)
    ids = await many(database, work)

    async def are_put_back() -> bool:
        return await leased(database, ids) <= AT_ONCE

    async with started(work, worker_jobs=AT_ONCE):
        await slow.wait()
        await until(lambda: are_held(database, ids))
        monkeypatch.setattr(ahead, "_STALE", 0.0)
        await until(are_put_back, 10)
        await asyncio.sleep(1)
        assert await are_put_back()


@pytest.mark.usefixtures("patient")
async def test_a_last_attempt_is_begun_or_left_to_others(
    database: Database, started: Start, takes: list[int]
) -> None:
    act, slow = stopping_after(MANY)
    once = Retry(attempts=1, base=timedelta(seconds=1), cap=timedelta(seconds=1))
    quick, last = deed(), deed(act, retry=once)
    await many(database, quick)
    ids = await many(database, last)

    async with started(quick, last, worker_jobs=AT_ONCE):
        await slow.wait()
        await asyncio.sleep(0.5)
        assert 0 < await leased(database, ids) <= AT_ONCE

    assert len(takes) < 4 * MANY
