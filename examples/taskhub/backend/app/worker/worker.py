"""A worker: takes jobs, runs them, fires schedules, and keeps the queue well."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from loguru import logger

from app.core.clock import Clock, SystemClock
from app.core.errors import AppError
from app.core.settings import Settings
from app.db.engine import Database
from app.events.base import Event
from app.models.job import jobs as jobs_table
from app.models.outbox_message import outbox_messages
from app.worker.lease import Failure, Lease, Reason
from app.worker.metrics import JOBS_RUNNING
from app.worker.queue import Queue
from app.worker.relay import Relay
from app.worker.run import Chance, Runner, bury
from app.worker.schedule import Schedule
from app.worker.scheduler import Scheduler
from app.worker.upkeep import Upkeep
from app.worker.work import Work

_LEASES_PER_SIGN: Final = 3
"""How many signs of life a worker gives in the time after which it is taken for dead."""
_TICK_SECONDS: Final = 1.0
_MEASURE_SECONDS: Final = 15.0
_REMOVE_SECONDS: Final = 600.0


class Worker:
    """Runs the jobs of all tenants, as many at once as the settings say.

    Any number of workers may run, in any number of processes.

    Args:
        database: Where the jobs are.
        settings: Of the service.
        jobs: What there is to do.
        schedules: When.
        events: All that the service announces; some may start jobs.
        clock: Tells when schedules fire; the machine's clock by default.
        chance: Gives a number from 0 to 1 for each wait.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        jobs: Sequence[type[Work]],
        schedules: Sequence[Schedule],
        events: Sequence[type[Event]] = (),
        clock: Clock | None = None,
        chance: Chance = random.random,
    ) -> None:
        works = {work.name: work for work in jobs}
        self._settings = settings
        self._lease = timedelta(seconds=settings.worker_lease)
        self._queue = Queue(
            database, works, lease=self._lease, per_tenant=settings.worker_jobs_per_tenant
        )
        self._runner = Runner(database, settings, self._queue, works, chance)
        self._scheduler = Scheduler(database, schedules, clock or SystemClock())
        self._upkeep = Upkeep(database, frozenset(works), keep=settings.jobs_keep)
        self._relay = Relay(database, jobs, events, keep=settings.jobs_keep)
        self._running: dict[asyncio.Task[object], Lease] = {}
        self._stopping = False
        self._bell = asyncio.Event()
        self._news = asyncio.Event()
        database.when_changed([jobs_table], lambda _: self._bell.set())
        database.when_changed([outbox_messages], lambda _: self._news.set())

    def stop(self) -> None:
        """Let `run` end: take no further job, and let those at hand give way."""
        self._stopping = True
        self._runner.stop()
        self._bell.set()

    async def run(self) -> None:
        """Work until told to stop."""
        signs = self._lease.total_seconds() / _LEASES_PER_SIGN
        keeping = _steadily(self._keep_leases, every=signs)
        others = (
            _steadily(self._scheduler.tick, every=_TICK_SECONDS),
            _steadily(self._upkeep.measure, every=_MEASURE_SECONDS),
            _steadily(self._upkeep.remove_old, every=_REMOVE_SECONDS),
            *(self._relaying() if self._relay.is_needed else ()),
        )
        try:
            await self._take_jobs()
        finally:
            await _ended(*others)
            await self._end_runs()
            await _ended(keeping)
            await _tried(self._upkeep.sign_off)

    async def _take_jobs(self) -> None:
        while not self._stopping:
            self._bell.clear()
            if not await _tried(self._take):
                await self._wait(self._bell)

    def _relaying(self) -> Iterator[asyncio.Task[None]]:
        yield asyncio.create_task(self._relay_events())
        yield _steadily(self._relay.measure, every=_MEASURE_SECONDS)
        yield _steadily(self._relay.remove_old, every=_REMOVE_SECONDS)

    async def _relay_events(self) -> None:
        await _tried(self._relay.revive)
        while True:
            self._news.clear()
            if not await _tried(self._relay.relay):
                await self._wait(self._news)

    async def _take(self) -> bool:
        """Take jobs; return whether there may be more to take at once."""
        free = self._settings.worker_jobs - len(self._running)
        leases = await self._queue.take(free) if free else []
        for lease in leases:
            self._start(lease)
        return bool(leases)

    def _start(self, lease: Lease) -> None:
        task = asyncio.create_task(self._runner.run(lease))
        self._running[task] = lease
        JOBS_RUNNING.inc()
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[object]) -> None:
        del self._running[task]
        JOBS_RUNNING.dec()
        self._bell.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # What became of the job could not be written; its lease ends, and it is found then.
            logger.bind(error=type(error).__name__).warning("a job was left behind")

    async def _wait(self, bell: asyncio.Event) -> None:
        """Wait until there may be something to do."""
        try:
            async with asyncio.timeout(self._settings.worker_poll):
                await bell.wait()
        except TimeoutError:
            return

    async def _keep_leases(self) -> None:
        # Its own first: after a pause it must not take itself for dead.
        await self._show_life()
        for lease in await self._queue.reap():
            bury(lease, Failure(reason=Reason.WORKER_CRASH))

    async def _show_life(self) -> None:
        await self._upkeep.show_life()
        running = dict(self._running)
        held = await self._queue.prolong(running.values())
        for task, lease in running.items():
            if lease.id not in held:
                task.cancel()

    async def _end_runs(self) -> None:
        """Wait for the runs at hand, and give back those that take too long."""
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.shutdown_timeout)
        await _ended(*self._running)


def _steadily(do: Callable[[], Awaitable[object]], *, every: float) -> asyncio.Task[None]:
    """Do it now and again, until the task is cancelled."""

    async def repeated() -> None:
        while True:
            await _tried(do)
            await asyncio.sleep(every)

    return asyncio.create_task(repeated())


async def _tried[T](do: Callable[[], Awaitable[T]]) -> T | None:
    """Do it; a database that is away is told of, and ends nothing."""
    try:
        return await do()
    except AppError as error:
        logger.bind(error=error.slug).warning("background work is held up")
    except Exception as error:  # noqa: BLE001  # one defect must not stop all other work
        logger.opt(exception=error).error("background work has failed")
    return None


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel `tasks`, and wait until all of them have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
