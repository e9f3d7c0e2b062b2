"""A worker: takes jobs, runs them, fires schedules, and keeps the queue well."""

import asyncio
import random
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from enum import Flag, auto
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Final

from loguru import logger

from app.core.clock import Clock, SystemClock
from app.core.settings import Settings
from app.db.engine import Database
from app.events.base import Event
from app.models.job import jobs as jobs_table
from app.models.outbox_message import outbox_messages
from app.worker.ahead import Ahead
from app.worker.beside import Companion, Listener
from app.worker.lease import Failure, Lease, Reason
from app.worker.metrics import JOBS_RUNNING
from app.worker.queue import Queue
from app.worker.relay import Relay
from app.worker.run import Chance, Runner, bury
from app.worker.schedule import Schedule
from app.worker.scheduler import Scheduler
from app.worker.steadily import ended, rung, steadily, tried
from app.worker.taking import Choice
from app.worker.upkeep import Upkeep
from app.worker.work import Outside, Work

if TYPE_CHECKING:
    from app.worker.wire import Wire

_LEASES_PER_SIGN: Final = 3
"""How many signs of life a worker gives at least until it is taken for dead; it gives one a second,
and looks as often for those that are silent."""
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
        self._ahead = Ahead(settings.worker_jobs)
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
        signs = min(self._lease.total_seconds() / _LEASES_PER_SIGN, _TICK_SECONDS)
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
                await rung(self._bell, within=self._settings.worker_poll)

    def _relaying(self) -> Iterator[asyncio.Task[None]]:
        yield asyncio.create_task(self._relay_events())
        yield steadily(self._relay.measure, every=_MEASURE_SECONDS)
        yield steadily(self._relay.remove_old, every=_REMOVE_SECONDS)

    async def _relay_events(self) -> None:
        await tried(self._relay.revive)
        while True:
            self._news.clear()
            if not await tried(self._relay.relay):
                await rung(self._news, within=self._settings.worker_poll)

    async def _take(self) -> bool:
        """Take jobs; return whether there may be more to take at once."""
        if not (wanted := self._wanted()):
            return False
        by_age = next(self._oldest_first)
        heard = self._wire.take(wanted) if self._wire and not by_age else ()
        # A job that ends its worker takes what runs beside it along, so that the last attempts of
        # it and of them are made one at a time.
        suspects = not any(lease.is_suspect for lease in self._leases())
        choice = Choice(among=heard or None, by_age=by_age, suspects=suspects)
        leases = await self._queue.take(wanted, choice)
        if late := self._begin_with(leases):
            # Else the same would be taken again and again while nobody is free for them.
            self._ahead.pause()
            await self._queue.put_back(late)
        # After a look at the oldest there may be more that was heard of.
        return bool(leases or heard) or (by_age and self._wire is not None)

    def _wanted(self) -> int:
        """Return how many jobs to take: some ahead, once half of those have been begun with."""
        held, most = len(self._ahead), self._ahead.most
        return self._free() + most - held if held <= most // 2 else 0

    def _free(self) -> int:
        return self._settings.worker_jobs - len(self._running)

    def _leases(self) -> Collection[Lease]:
        return [*self._running.values(), *self._ahead.leases]

    def _begin_with(self, leases: Collection[Lease]) -> Collection[Lease]:
        """Begin with jobs that were taken; return those whose last attempt cannot begin now."""
        last = [lease for lease in leases if lease.is_last]
        now, late = last[: self._free()], last[self._free() :]
        for lease in now:
            self._start(lease)
        self._ahead.add(lease for lease in leases if not lease.is_last)
        self._go_on()
        return late

    def _go_on(self) -> None:
        """Begin with jobs that were taken ahead, as far as it is free for them."""
        while self._ahead and self._free() and not self._stopping:
            self._start(self._ahead.next())

    def _start(self, lease: Lease) -> None:
        task = asyncio.create_task(self._runner.run(lease))
        self._running[task] = lease
        JOBS_RUNNING.inc()
        task.add_done_callback(partial(self._finish, time.monotonic()))

    def _finish(self, begun: float, task: asyncio.Task[object]) -> None:
        self._ahead.note(self._running.pop(task), time.monotonic() - begun)
        JOBS_RUNNING.dec()
        self._go_on()
        self._bell.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # What became of the job could not be written; its lease ends, and it is found then.
            logger.bind(error=type(error).__name__).warning("a job was left behind")

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
        if stale := self._ahead.stale():
            self._ahead.pause()
            await self._put_back(stale)
        leases = self._leases()
        lost = {lease.id for lease in leases} - await self._queue.prolong(leases)
        self._ahead.drop(lost)
        for task, lease in self._running.items():
            if lease.id in lost:
                task.cancel()

    async def _put_back(self, leases: Collection[Lease]) -> None:
        self._ahead.drop({lease.id for lease in leases})
        await self._queue.put_back(leases)

    async def _end_runs(self) -> None:
        """Wait for the runs at hand, and give back those that take too long."""
        await tried(lambda: self._put_back(self._ahead.leases))
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.shutdown_timeout)
        await ended(*self._running)
