"""Worker processes that are killed at any time: what they were doing is done once all the same."""

import asyncio
import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar, Final

import pytest

from app.background import stop_at_signal
from app.core.clock import SystemClock
from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.main import create_database
from app.models.job import JobState
from app.worker.work import Progress, Retry
from app.worker.worker import Worker
from tests.jobs.deeds import Deed, deeds, enqueue, is_in, job, until
from tests.requirements import JOBS

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(20)]

STEPS: Final = 20
JOBS_AT_ONCE: Final = 4
_FORKS: Final = multiprocessing.get_context("forkserver")


class Slow(Deed):
    """Takes a while for each of its steps."""

    name: ClassVar = "slow"
    steps: ClassVar = STEPS
    retry: ClassVar = Retry(attempts=50, base=timedelta(seconds=1), cap=timedelta(seconds=1))

    async def step(self, progress: Progress) -> Progress:
        await asyncio.sleep(0.02)
        return await super().step(progress)


class Deadly(Deed):
    """Ends the process that runs it."""

    name: ClassVar = "deadly"

    async def step(self, _progress: Progress) -> Progress:
        os._exit(1)


def work(settings: Settings) -> None:
    """Run a worker until a signal stops it."""

    async def run() -> None:
        database = create_database(settings, SystemClock())
        worker = Worker(database, settings, jobs=[Slow, Deadly], schedules=[])
        stop_at_signal(worker.stop)
        await worker.run()
        await database.close()

    asyncio.run(run())


@contextmanager
def process(settings: Settings) -> Iterator[Any]:
    """A worker in a process of its own."""
    running = _FORKS.Process(target=work, args=[settings], daemon=True)
    running.start()
    try:
        yield running
    finally:
        running.kill()
        running.join()


@pytest.fixture(autouse=True)
def _many_writers(on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has one writer, which holds up all others while it is frozen.")


async def test_what_a_killed_worker_did_is_done_once(
    database: Database, job_settings: Settings, tenant: TenantId, other_tenant: TenantId
) -> None:
    ids = [await enqueue(database, each, Slow) for each in (tenant, other_tenant) for _ in range(2)]

    for _ in range(4):
        with process(job_settings) as running:
            running.join(1.5 + random.random())  # any time will do
            running.kill()
    with process(job_settings):
        await until(lambda: is_in(database, ids, JobState.DONE), 60)

    for each in (tenant, other_tenant):
        assert await deeds(database, each) == 2 * STEPS
    histories = [(await job(database, job_id)).history for job_id in ids]
    assert {entry["reason"] for history in histories for entry in history} <= {"worker-crash"}


async def test_a_frozen_worker_is_replaced_and_commits_nothing_more(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    job_id = await enqueue(database, tenant, Slow)
    with process(job_settings) as frozen:
        await until(lambda: _has_begun(database, tenant), 30)
        _signal(frozen, signal.SIGSTOP)
        with process(job_settings):
            await until(lambda: is_in(database, [job_id], JobState.DONE), 60)
            _signal(frozen, signal.SIGCONT)
            frozen.join(1)

    assert await deeds(database, tenant) == STEPS


async def test_a_job_that_ends_its_process_is_given_up(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    job_id = await enqueue(database, tenant, Deadly)

    for _ in range(Deadly.retry.attempts + 2):
        with process(job_settings) as running:
            running.join(8 if not await is_in(database, [job_id], JobState.DEAD) else 0.5)

    dead = await job(database, job_id)
    assert (dead.state, dead.reason) == (JobState.DEAD, "worker-crash")
    assert len(dead.history) == Deadly.retry.attempts


async def test_a_signal_stops_it_without_losing_an_attempt(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    job_id = await enqueue(database, tenant, Slow)
    with process(job_settings) as running:
        await until(lambda: _has_begun(database, tenant), 30)
        running.terminate()
        running.join(20)
        assert running.exitcode == 0

    waiting = await job(database, job_id)
    assert (waiting.state, waiting.attempt, waiting.history) == (JobState.QUEUED, 0, [])
    assert waiting.progress["changed"] == await deeds(database, tenant)


async def _has_begun(database: Database, tenant: TenantId) -> bool:
    return await deeds(database, tenant) > 0


def _signal(running: Any, number: int) -> None:
    os.kill(running.pid, number)
