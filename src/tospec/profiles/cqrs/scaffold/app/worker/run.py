"""Runs one job: its steps, each in a transaction of its tenant, for as long as it may take."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from loguru import logger

from app.core.context import WorkContext, entered
from app.core.outside import HeldError, OutsideError
from app.core.settings import Settings
from app.db.engine import Database
from app.worker.chain import hand_on
from app.worker.lease import Failure, Lease, LeaseLostError, Reason
from app.worker.metrics import JOB_SECONDS, JOBS_DEAD, JOBS_RUN
from app.worker.queue import Queue
from app.worker.work import Outside, Progress, Work

type Chance = Callable[[], float]


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    GAVE_WAY = "gave-way"
    HELD = "held"
    FAILED = "failed"
    DEAD = "dead"
    LOST = "lost"


class Runner:
    """Runs jobs that were leased.

    A run that has taken half of its time gives way after a step: it goes on when other jobs had
    their turn, and no attempt is lost. So its length is no matter of how many rows there are.

    Args:
        database: Where the work is done.
        settings: Of the service.
        queue: Where the leases come from.
        works: What there is to do, by name.
        chance: Gives a number from 0 to 1 for each wait.
        outside: The other services that it asks.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        queue: Queue,
        works: Mapping[str, type[Work]],
        chance: Chance,
        outside: Outside | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._queue = queue
        self._works = works
        self._chance = chance
        self._outside = outside
        self._stopping = False

    def stop(self) -> None:
        """Let every run give way after the step at hand."""
        self._stopping = True

    async def run(self, lease: Lease) -> Outcome:
        """Attempt a job, and return how that ended."""
        context = WorkContext(
            correlation_id=lease.correlation_id or str(lease.id),
            tenant_id=lease.tenant_id,
            endpoint=f"job {lease.name}",
        )
        with entered(context):
            started = time.perf_counter()
            outcome = await self._attempted(lease)
            seconds = time.perf_counter() - started
            JOBS_RUN.labels(lease.name, outcome).inc()
            JOB_SECONDS.labels(lease.name).observe(seconds)
            told = logger.bind(
                job=lease.name,
                job_id=str(lease.id),
                attempt=lease.attempt,
                outcome=outcome,
                duration_ms=round(seconds * 1000, 3),
            )
            told.info("job")
        return outcome

    async def _attempted(self, lease: Lease) -> Outcome:
        work = self._works[lease.name]
        try:
            async with asyncio.timeout(work.timeout.total_seconds()) as limit:
                return await self._steps(lease, work)
        except LeaseLostError:
            return Outcome.LOST
        except asyncio.CancelledError:
            await self._queue.give_back(lease)
            raise
        except HeldError as error:
            wait = error.after + work.retry.base * self._chance()
            await self._queue.give_back(lease, wait)
            return Outcome.HELD
        except Exception as error:  # noqa: BLE001  # whatever it is, the job is attempted again
            failure = Failure(reason=Reason.TIMEOUT) if limit.expired() else Failure.of(error)
            after = error.after if isinstance(error, OutsideError) else timedelta()
            return await self._failed(lease, work, failure, after)

    async def _steps(self, lease: Lease, work: type[Work]) -> Outcome:
        give_way = time.monotonic() + work.timeout.total_seconds() / 2
        progress = lease.progress
        await work.prepare(self._database, self._settings)
        while not progress.finished:
            if progress.asked is not None:
                answer = await work.ask(self._outside, progress.asked, job_id=lease.id)
                progress = replace(progress, answer=answer)
            async with self._database.begin(lease.tenant_id) as transaction:
                job = work(transaction, lease.tenant_id, self._settings)
                progress = await _gone_on(job, lease, progress)
                self._queue.keep(transaction, lease, progress)
                if follower := self._follower(work, progress):
                    await hand_on(transaction, lease, follower, progress.answer)
            if not progress.finished and (self._stopping or time.monotonic() > give_way):
                await self._queue.give_back(lease)
                return Outcome.GAVE_WAY
        return Outcome.DONE

    def _follower(self, work: type[Work], progress: Progress) -> type[Work] | None:
        """Return the job that comes next in the run, if this one has just been done."""
        if work.then is None or not progress.finished or progress.idle:
            return None
        return self._works[work.then]

    async def _failed(
        self, lease: Lease, work: type[Work], failure: Failure, after: timedelta
    ) -> Outcome:
        # Full jitter: what failed together does not come back together.
        wait = max(work.retry.longest_wait(lease.attempt) * self._chance(), after)
        logger.bind(job=lease.name, job_id=str(lease.id), **told_of(failure)).warning("job failed")
        if not await self._queue.fail(lease, failure, wait):
            return Outcome.FAILED
        bury(lease, failure)
        return Outcome.DEAD


async def _gone_on(job: Work, lease: Lease, progress: Progress) -> Progress:
    """Do the next part of a job, unless the event that started it asks for nothing."""
    job.take_part(lease.part)
    if lease.announced is None or await job.hear(lease.announced):
        return await job.step(progress)
    return replace(progress, asked=None, finished=True, idle=True)


def bury(lease: Lease, failure: Failure) -> None:
    """Tell those who run the service that a job is dead."""
    JOBS_DEAD.labels(lease.name).inc()
    told = logger.bind(
        event="job_dead",
        job=lease.name,
        job_id=str(lease.id),
        job_tenant_id=str(lease.tenant_id),
        **told_of(failure),
    )
    told.error("a job is dead")


def told_of(failure: Failure) -> dict[str, str | None]:
    """Return what logs tell of a failure."""
    return {"reason": failure.reason, "error": failure.error}
