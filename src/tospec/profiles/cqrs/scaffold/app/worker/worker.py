"""A worker: takes jobs, runs them, fires schedules, and keeps the queue well."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import Flag, auto
from itertools import cycle
from typing import TYPE_CHECKING, Final

from loguru import logger

from app.core.clock import Clock, SystemClock
from app.core.settings import Settings
from app.db.engine import Database
from app.events.base import Event
from app.models.job import jobs as jobs_table
from app.models.outbox_message import outbox_messages
from app.worker.beside import Companion, Listener
from app.worker.lease import Failure, Lease, Reason
from app.worker.metrics import JOBS_RUNNING
from app.worker.queue import Queue
from app.worker.relay import Relay
from app.worker.run import Chance, Runner, bury
from app.worker.schedule import Schedule
from app.worker.scheduler import Scheduler
from app.worker.steadily import ended, steadily, tried
from app.worker.taking import Choice
from app.worker.upkeep import Upkeep
from app.worker.work import Outside, Work

if TYPE_CHECKING:
    from app.worker.wire import Wire

_LEASES_PER_SIGN: Final = 3
"""How many signs of life a worker gives in the time after which it is taken for dead."""
_TAKES_PER_OLDEST: Final = 4
"""Each so many times what waits longest is taken first, so that nothing waits for ever."""
_TICK_SECONDS: Final = 1.0
_MEASURE_SECONDS: Final = 15.0
_REMOVE_SECONDS: Final = 600.0


class Duty(Flag):
    """What is to be done in the background."""

    JOBS = auto()
    """Jobs are run."""
    QUEUE = auto()
    """Schedules are fired, and the queue is kept well."""
    ALL = JOBS | QUEUE


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
        wire: How it hears of jobs besides, if it does.
        outside: The other services that jobs ask; closed when it has ended.
        listeners: What hears of events besides jobs.
        companions: What else it does where it runs jobs; closed when it has ended.
    """

    def __init__(  # noqa: PLR0913  # all are told by their names
        self,
        database: Database,
        settings: Settings,
        *,
        jobs: Sequence[type[Work]],
        schedules: Sequence[Schedule],
        events: Sequence[type[Event]] = (),
        clock: Clock | None = None,
        chance: Chance = random.random,
        wire: "Wire | None" = None,
        outside: Outside | None = None,
        listeners: Sequence[Listener] = (),
        companions: Sequence[Companion] = (),
    ) -> None:
        works = {work.name: work for work in jobs}
        self._settings = settings
        self._lease = timedelta(seconds=settings.worker_lease)
        self._queue = Queue(
            database, works, lease=self._lease, per_tenant=settings.worker_jobs_per_tenant
        )
        self._runner = Runner(database, settings, self._queue, works, chance, outside)
        self._scheduler = Scheduler(database, schedules, clock or SystemClock())
        self._upkeep = Upkeep(database, frozenset(works), keep=settings.jobs_keep)
        self._relay = Relay(database, jobs, events, keep=settings.jobs_keep, listeners=listeners)
        self._wire = wire
        self._duties = Duty.ALL
        self._oldest_first = cycle([True, *[False] * (_TAKES_PER_OLDEST - 1)])
        self._outside = outside
        self._companions = companions
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

    async def run(self, duties: Duty = Duty.ALL) -> None:
        """Work until told to stop, and do that part of all that is to be done."""
        self._duties = duties
        signs = self._lease.total_seconds() / _LEASES_PER_SIGN
        keeping = steadily(self._keep_leases, every=signs)
        others = [
            *(self._keeping_queue() if Duty.QUEUE in self._duties else ()),
            *(self._beside() if Duty.JOBS in self._duties else ()),
        ]
        try:
            if self._wire:
                await self._wire.start(self._bell.set, hears=Duty.JOBS in self._duties)
            await self._take_jobs()
        finally:
            await ended(*others)
            if self._wire:
                await self._wire.stop()
            await self._end_runs()
            await asyncio.gather(*(each.close() for each in self._companions))
            await ended(keeping)
            await tried(self._upkeep.sign_off)
            if self._outside is not None:
                await self._outside.close()

    def _keeping_queue(self) -> Sequence[asyncio.Task[None]]:
        return (
            steadily(self._scheduler.tick, every=_TICK_SECONDS),
            steadily(self._upkeep.measure, every=_MEASURE_SECONDS),
            steadily(self._upkeep.remove_old, every=_REMOVE_SECONDS),
            *(self._relaying() if self._relay.is_needed else ()),
        )

    def _beside(self) -> Iterator[asyncio.Task[None]]:
        return (asyncio.create_task(each.run()) for each in self._companions)

    async def _take_jobs(self) -> None:
        while not self._stopping:
            self._bell.clear()
            if Duty.JOBS not in self._duties or not await tried(self._take):
                await self._wait(self._bell)

    def _relaying(self) -> Iterator[asyncio.Task[None]]:
        yield asyncio.create_task(self._relay_events())
        yield steadily(self._relay.measure, every=_MEASURE_SECONDS)
        yield steadily(self._relay.remove_old, every=_REMOVE_SECONDS)

    async def _relay_events(self) -> None:
        await tried(self._relay.revive)
        while True:
            self._news.clear()
            if not await tried(self._relay.relay):
                await self._wait(self._news)

    async def _take(self) -> bool:
        """Take jobs; return whether there may be more to take at once."""
        free = self._settings.worker_jobs - len(self._running)
        if not free:
            return False
        by_age = next(self._oldest_first)
        heard = self._wire.take(free) if self._wire and not by_age else ()
        # A job that ends its worker takes what runs beside it along, so that the last attempts of
        # it and of them are made one at a time.
        suspects = not any(lease.is_suspect for lease in self._running.values())
        choice = Choice(among=heard or None, by_age=by_age, suspects=suspects)
        leases = await self._queue.take(free, choice)
        for lease in leases:
            self._start(lease)
        # After a look at the oldest there may be more that was heard of.
        return bool(leases or heard) or (by_age and self._wire is not None)

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
        if Duty.JOBS in self._duties:
            await self._show_life()
        if Duty.QUEUE not in self._duties:
            return
        for lease in await self._queue.reap():
            bury(lease, Failure(reason=Reason.WORKER_CRASH))

    async def _show_life(self) -> None:
        await self._upkeep.show_life(self._outside.troubled if self._outside else {})
        running = dict(self._running)
        held = await self._queue.prolong(running.values())
        for task, lease in running.items():
            if lease.id not in held:
                task.cancel()

    async def _end_runs(self) -> None:
        """Wait for the runs at hand, and give back those that take too long."""
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.shutdown_timeout)
        await ended(*self._running)
