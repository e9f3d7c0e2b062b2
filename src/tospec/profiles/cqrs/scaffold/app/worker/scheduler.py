"""Fires schedules: queues their jobs for every tenant, once over all schedulers.

Any number of schedulers may run. Whoever first writes that a schedule has fired for a certain
time queues its jobs in the same transaction; the key of the table refuses all others. Where each
tenant has hours of its own, that is done tenant by tenant (`local_times`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.clock import Clock
from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.background import Firing, schedule_firings
from app.models.tenant import tenants
from app.worker.firing import CAUGHT_UP_AT_ONCE, due_times, queue_jobs
from app.worker.local_times import LocalTimes
from app.worker.schedule import Schedule

_MINUTE: Final = timedelta(minutes=1)
_OWN: Final = schedule_firings.c
_SCHEDULE: Final = parameter("schedule", _OWN.schedule)
_LAST: Final = Fixed(select(func.max(_OWN.scheduled_for)).where(_OWN.schedule == _SCHEDULE))
_SERVED: Final = Fixed(
    select(tenants.c.id).where(tenants.c.suspended_at.is_(None)).order_by(tenants.c.id)
)


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
        self._local_times = LocalTimes(database)
        # Asked of the database when the process starts, and from then on when a time has come.
        self._next = dict.fromkeys(schedules, datetime.min.replace(tzinfo=UTC))
        # When those by the clocks of tenants were first seen, which never changes.
        self._begun: dict[Schedule, datetime | None] = {}

    async def tick(self) -> None:
        """Fire what is due."""
        now = self._clock.now()
        for schedule in self._schedules:
            if self._next[schedule] > now:
                continue
            if schedule.zone is None:
                await self._fire_in_zones(schedule, now)
                # Somewhere any minute may be the one, and a tenant may have changed its zone.
                self._next[schedule] = now.replace(second=0, microsecond=0) + _MINUTE
                continue
            while await self._fire_some(schedule, now):
                pass
            self._next[schedule] = next(schedule.times(now))

    async def _fire_in_zones(self, schedule: Schedule, now: datetime) -> None:
        begun = self._begun.get(schedule)
        if begun is None:
            async with self._database.opened(WORKER_SCOPE) as transaction:
                begun = self._begun[schedule] = await _last_or_begun(transaction, schedule, now)
        if begun is not None:
            await self._local_times.fire(schedule, begun, now)

    async def _fire_some(self, schedule: Schedule, now: datetime) -> bool:
        """Fire what is due since the last firing; return whether there may be more."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            last = await _last_or_begun(transaction, schedule, now)
            times = [] if last is None else list(due_times(schedule, last, now))
            for time, outcome in times:
                if await _note(transaction, schedule, time, outcome) and outcome is Firing.FIRED:
                    await _queue_all(transaction, schedule, time)
        return len(times) == CAUGHT_UP_AT_ONCE


async def _last_or_begun(
    transaction: Transaction, schedule: Schedule, now: datetime
) -> datetime | None:
    """Return the last time that was noted; note that it begins now if there is none."""
    last: datetime | None = await transaction.scalar(_LAST, named({"schedule": schedule.name}))
    if last is None:
        # From now on firings can be missed.
        await _note(transaction, schedule, now, Firing.BEGUN)
    return last


async def _note(
    transaction: Transaction, schedule: Schedule, time: datetime, outcome: Firing
) -> bool:
    """Write what became of a time; return whether nobody else has."""
    values = {"schedule": schedule.name, "scheduled_for": time, "outcome": outcome}
    return await transaction.execute(_noted(transaction.dialect), named(values)) > 0


@cache
def _noted(dialect: str) -> Fixed:
    added: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = added(schedule_firings).values(
        schedule=_SCHEDULE,
        scheduled_for=parameter("scheduled_for", _OWN.scheduled_for),
        outcome=parameter("outcome", _OWN.outcome),
        happened_at=database_now(),
    )
    return Fixed(row.on_conflict_do_nothing())


async def _queue_all(transaction: Transaction, schedule: Schedule, time: datetime) -> None:
    """Queue the jobs of `schedule` for every tenant that is not suspended."""
    everyone = [row.id for row in await transaction.all(_SERVED)]
    await queue_jobs(transaction, schedule, time, everyone)
