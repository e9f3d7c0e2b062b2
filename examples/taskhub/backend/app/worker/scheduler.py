"""Fires schedules: queues their jobs for every tenant, once over all schedulers.

Any number of schedulers may run. Whoever first writes that a schedule has fired for a certain
time queues its jobs in the same transaction; the key of the table refuses all others.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched, islice
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.clock import Clock
from app.core.ids import new_id
from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.transactions import Transaction
from app.models.background import Firing, schedule_firings
from app.models.job import JobState, jobs
from app.models.tenant import tenants
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.work import Progress, Work

PUNCTUAL: Final = timedelta(minutes=1)
"""How late a firing may be without having been missed."""
CAUGHT_UP_AT_ONCE: Final = 100
_ROWS_AT_ONCE: Final = 200
_UNFINISHED: Final = (JobState.QUEUED, JobState.LEASED)


class Scheduler:
    """Fires schedules when their time has come.

    Args:
        database: Where jobs are queued.
        schedules: When which ones are.
        clock: Tells the time.
    """

    def __init__(self, database: Database, schedules: Sequence[Schedule], clock: Clock) -> None:
        self._database = database
        self._schedules = schedules
        self._clock = clock
        # Asked of the database when the process starts, and from then on when a time has come.
        self._next = dict.fromkeys(schedules, datetime.min.replace(tzinfo=UTC))

    async def tick(self) -> None:
        """Fire what is due."""
        now = self._clock.now()
        for schedule in self._schedules:
            if self._next[schedule] <= now:
                while await self._fire_some(schedule, now):
                    pass
                self._next[schedule] = next(schedule.times(now))

    async def _fire_some(self, schedule: Schedule, now: datetime) -> bool:
        """Fire what is due since the last firing; return whether there was anything."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            last = await transaction.scalar(_last(schedule))
            if last is None:
                # From now on firings can be missed.
                await _note(transaction, schedule, now, Firing.BEGUN)
                return False
            found = False
            for time, outcome in _due(schedule, last, now):
                found = True
                if await _note(transaction, schedule, time, outcome) and outcome is Firing.FIRED:
                    await _queue_all(transaction, schedule, time)
        return found


def _due(schedule: Schedule, last: datetime, now: datetime) -> Iterator[tuple[datetime, Firing]]:
    """Yield the times since `last` that count, and what becomes of each."""
    if schedule.catch_up is CatchUp.ALL:
        due = islice(schedule.due(last, now), CAUGHT_UP_AT_ONCE)
        yield from ((time, Firing.FIRED) for time in due)
        return
    latest = schedule.latest(now)
    if latest > last:
        is_missed = schedule.catch_up is CatchUp.SKIP and now - latest > PUNCTUAL
        yield latest, Firing.MISSED if is_missed else Firing.FIRED


def _last(schedule: Schedule) -> Any:
    return select(func.max(schedule_firings.c.scheduled_for)).where(
        schedule_firings.c.schedule == schedule.name
    )


async def _note(
    transaction: Transaction, schedule: Schedule, time: datetime, outcome: Firing
) -> bool:
    """Write what became of a time; return whether nobody else has."""
    added: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    row = added(schedule_firings).values(
        schedule=schedule.name,
        scheduled_for=time,
        outcome=outcome,
        happened_at=database_now(),
    )
    return await transaction.execute(row.on_conflict_do_nothing()) > 0


async def _queue_all(transaction: Transaction, schedule: Schedule, time: datetime) -> None:
    """Queue the jobs of `schedule` for every tenant that is not suspended."""
    found = select(tenants.c.id).where(tenants.c.suspended_at.is_(None)).order_by(tenants.c.id)
    everyone = [row.id for row in await transaction.all(found)]
    for work in schedule.jobs:
        busy = await _busy(transaction, schedule, work)
        rows = (_row(tenant_id, work) for tenant_id in everyone if tenant_id not in busy)
        origin = {"schedule": schedule.name, "scheduled_for": time}
        for some in batched(rows, _ROWS_AT_ONCE, strict=False):
            await transaction.execute(insert(jobs).values([row | origin for row in some]))


async def _busy(transaction: Transaction, schedule: Schedule, work: type[Work]) -> frozenset[Any]:
    """Return the tenants in which a run of `work` is not finished and none may follow."""
    if schedule.overlap is Overlap.QUEUE:
        return frozenset()
    unfinished = select(jobs.c.tenant_id).where(
        jobs.c.state.in_(_UNFINISHED),
        jobs.c.name == work.name,
        jobs.c.schedule == schedule.name,
    )
    return frozenset(row.tenant_id for row in await transaction.all(unfinished))


def _row(tenant_id: Any, work: type[Work]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "name": work.name,
        "state": JobState.QUEUED,
        "priority": work.priority,
        "run_at": database_now(),
        "attempt": 0,
        "max_attempts": work.retry.attempts,
        "progress": Progress().document(),
        "history": [],
        "created_at": database_now(),
    }
