"""What becomes of the times of a schedule: which count, and whose jobs are queued."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import select

from app.core.ids import TenantId
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.background import Firing
from app.models.job import JobState, jobs
from app.worker.queued import queue_each, queued_row
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.work import Work

PUNCTUAL: Final = timedelta(minutes=1)
"""How late a firing may be without having been missed."""
CAUGHT_UP_AT_ONCE: Final = 100
_UNFINISHED: Final = Fixed(
    select(jobs.c.tenant_id).where(
        jobs.c.state.in_((JobState.QUEUED, JobState.LEASED)),
        jobs.c.name == parameter("name", jobs.c.name),
        jobs.c.schedule == parameter("schedule", jobs.c.schedule),
    )
)


def due_times(
    schedule: Schedule, last: datetime, now: datetime
) -> Iterator[tuple[datetime, Firing]]:
    """Yield the times since `last` that count, and what becomes of each."""
    if schedule.catch_up is CatchUp.ALL:
        due = islice(schedule.due(last, now), CAUGHT_UP_AT_ONCE)
        yield from ((time, Firing.FIRED) for time in due)
        return
    latest = schedule.latest(now)
    if latest > last:
        is_missed = schedule.catch_up is CatchUp.SKIP and now - latest > PUNCTUAL
        yield latest, Firing.MISSED if is_missed else Firing.FIRED


async def queue_jobs(
    transaction: Transaction, schedule: Schedule, time: datetime, tenants: Collection[TenantId]
) -> None:
    """Queue the jobs of `schedule` for some tenants, each once for a time."""
    origin = {"schedule": schedule.name, "scheduled_for": time}
    for work in schedule.jobs:
        busy = await _busy(transaction, schedule, work)
        idle = (tenant_id for tenant_id in tenants if tenant_id not in busy)
        await queue_each(transaction, [queued_row(work, each) | origin for each in idle])


async def _busy(transaction: Transaction, schedule: Schedule, work: type[Work]) -> frozenset[Any]:
    """Return the tenants in which a run of `work` is not finished and none may follow."""
    if schedule.overlap is Overlap.QUEUE:
        return frozenset()
    asked = named({"name": work.name, "schedule": schedule.name})
    return frozenset(row.tenant_id for row in await transaction.all(_UNFINISHED, asked))
