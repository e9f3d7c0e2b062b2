"""A run: its effect once, its attempts as many as the policy says, its time limited."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loguru import logger

from app.core.errors import ConflictError
from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.models.job import Job, JobState
from app.worker.metrics import JOBS_DEAD
from app.worker.run import Outcome, Runner
from app.worker.work import Retry, Work
from tests.jobs.deeds import PAST, change, deed, deeds, enqueue, failing, job, queue
from tests.requirements import JOBS

pytestmark = pytest.mark.requirement(*JOBS)

RETRY = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(seconds=10))
LONGEST_WAITS = [2, 4, 8, 10]


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """What is logged, from warnings on."""
    lines: list[dict[str, Any]] = []

    def keep(message: Any) -> None:
        lines.append({"level": message.record["level"].name, **message.record["extra"]})

    sink = logger.add(keep, level="WARNING")
    yield lines
    logger.remove(sink)


class Attempts:
    """Attempts one job after another, as a worker does, without waiting in between."""

    def __init__(
        self, database: Database, settings: Settings, work: type[Work], *, chance: float = 1.0
    ) -> None:
        self._database = database
        self.queue = queue(database, work.name)
        works = {work.name: work}
        self.runner = Runner(database, settings, self.queue, works, lambda: chance)

    async def once(self, job_id: Any) -> tuple[Outcome, Job]:
        await change(self._database, job_id, run_at=PAST)
        [lease] = await self.queue.take(1)
        return await self.runner.run(lease), await job(self._database, job_id)


async def test_what_it_does_is_done_once(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(steps=3)
    job_id = await enqueue(database, tenant, work)

    outcome, done = await Attempts(database, job_settings, work).once(job_id)

    assert outcome is Outcome.DONE
    assert (done.state, done.attempt, done.token) == (JobState.DONE, 1, None)
    assert done.finished_at is not None
    assert done.progress["changed"] == await deeds(database, tenant) == 3


@pytest.mark.parametrize("times", [0, 1, 4, 5])
async def test_it_is_attempted_as_often_as_its_policy_says(
    database: Database, job_settings: Settings, tenant: TenantId, times: int
) -> None:
    work = deed(failing(times, KeyError("ada@example.com")), retry=RETRY)
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)

    for number in range(1, min(times, 4) + 1):
        outcome, waiting = await attempts.once(job_id)
        assert (outcome, waiting.state) == (Outcome.FAILED, JobState.QUEUED)
        wait = waiting.run_at - datetime.now(UTC)
        assert abs(wait.total_seconds() - LONGEST_WAITS[number - 1]) < 2
    outcome, ended = await attempts.once(job_id)

    assert outcome is (Outcome.DEAD if times == 5 else Outcome.DONE)
    assert ended.attempt == len(ended.history) + (times < 5) == min(times, 4) + 1
    assert await deeds(database, tenant) == (times < 5)
    assert {entry["error"] for entry in ended.history} <= {"KeyError"}


@pytest.mark.parametrize("attempt", [1, 2, 3, 4, 70, 5000])
def test_no_wait_is_longer_than_the_policy_says(attempt: int) -> None:
    longest = RETRY.longest_wait(attempt)

    assert longest == timedelta(seconds=[*LONGEST_WAITS, 10][min(attempt, 5) - 1])


async def test_waits_differ_by_chance(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(failing(1, KeyError()), retry=RETRY)
    job_id = await enqueue(database, tenant, work)

    _, waiting = await Attempts(database, job_settings, work, chance=0.0).once(job_id)

    assert waiting.run_at - datetime.now(UTC) < timedelta(seconds=0.5)


async def test_a_job_that_is_given_up_is_told_of(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    logged: list[dict[str, Any]],
) -> None:
    retry = Retry(attempts=1, base=timedelta(seconds=1), cap=timedelta(seconds=1))
    work = deed(failing(1, ConflictError("secret")), retry=retry)
    job_id = await enqueue(database, tenant, work)

    outcome, dead = await Attempts(database, job_settings, work).once(job_id)

    assert (outcome, dead.state, dead.reason) == (Outcome.DEAD, JobState.DEAD, "failed")
    error = "conflict: The request conflicts with the current state."
    assert [(entry["attempt"], entry["error"]) for entry in dead.history] == [(1, error)]
    [line] = [line for line in logged if line.get("event") == "job_dead"]
    assert (line["level"], line["job"], line["job_id"]) == ("ERROR", work.name, str(job_id))
    assert "secret" not in str(logged)
    assert JOBS_DEAD.labels(work.name)._value.get() == 1


async def test_an_attempt_may_not_take_longer_than_its_limit(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(lambda _: asyncio.sleep(30), timeout=timedelta(seconds=0.2))
    job_id = await enqueue(database, tenant, work)
    started = time.monotonic()

    outcome, waiting = await Attempts(database, job_settings, work).once(job_id)

    assert time.monotonic() - started < 5
    assert outcome is Outcome.FAILED
    assert [entry["reason"] for entry in waiting.history] == ["timeout"]
    assert await deeds(database, tenant) == 0


async def test_a_time_limit_of_its_own_is_a_failure_like_others(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(failing(1, TimeoutError()))
    job_id = await enqueue(database, tenant, work)

    _, waiting = await Attempts(database, job_settings, work).once(job_id)

    assert [entry["reason"] for entry in waiting.history] == ["failed"]


async def test_an_attempt_that_breaks_off_keeps_the_steps_it_has_done(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    seen: list[int] = []

    async def act(step: int) -> None:
        seen.append(step)
        if seen == [1, 2]:
            raise KeyError

    work = deed(act, steps=3)
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)

    await attempts.once(job_id)
    outcome, done = await attempts.once(job_id)

    assert (outcome, done.attempt, seen) == (Outcome.DONE, 2, [1, 2, 2, 3])
    assert await deeds(database, tenant) == 3


async def test_a_long_run_gives_way_and_loses_no_attempt(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(lambda _: asyncio.sleep(0.3), steps=3, timeout=timedelta(seconds=0.5))
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)

    ended = [await attempts.once(job_id) for _ in range(3)]

    assert [outcome for outcome, _ in ended] == [Outcome.GAVE_WAY, Outcome.GAVE_WAY, Outcome.DONE]
    assert [(found.attempt, found.history) for _, found in ended] == [(0, []), (0, []), (1, [])]
    assert await deeds(database, tenant) == 3


async def test_a_run_that_is_to_stop_ends_after_the_step_at_hand(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    work = deed(steps=5)
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)
    attempts.runner.stop()

    outcome, waiting = await attempts.once(job_id)

    assert (outcome, waiting.state, waiting.attempt) == (Outcome.GAVE_WAY, JobState.QUEUED, 0)
    assert waiting.progress["changed"] == await deeds(database, tenant) == 1


async def test_a_run_whose_lease_is_lost_leaves_nothing(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    async def lose(_: int) -> None:
        lost.set()
        await taken_over.wait()

    lost, taken_over = asyncio.Event(), asyncio.Event()
    work = deed(lose)
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)
    [lease] = await attempts.queue.take(1)
    await change(database, job_id, token=job_id)

    running = asyncio.create_task(attempts.runner.run(lease))
    await lost.wait()
    taken_over.set()

    assert await running is Outcome.LOST
    assert (await job(database, job_id)).state is JobState.LEASED
    assert await deeds(database, tenant) == 0


async def test_a_run_that_is_broken_off_is_given_back(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    async def wait(_: int) -> None:
        begun.set()
        await asyncio.sleep(30)

    begun = asyncio.Event()
    work = deed(wait)
    job_id = await enqueue(database, tenant, work)
    attempts = Attempts(database, job_settings, work)
    [lease] = await attempts.queue.take(1)
    running = asyncio.create_task(attempts.runner.run(lease))
    await begun.wait()

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    waiting = await job(database, job_id)
    assert (waiting.state, waiting.attempt, waiting.history) == (JobState.QUEUED, 0, [])
    assert await deeds(database, tenant) == 0
