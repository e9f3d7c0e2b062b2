"""What becomes of the times of a schedule: which count, and whose jobs are queued."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import batched, islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import TenantId
from app.db.transactions import Transaction
from app.models.background import Firing
from app.models.job import JobState, jobs
from app.worker.queued import queued_row
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.work import Work

PUNCTUAL: Final = timedelta(minutes=1)
"""How late a firing may be without having been missed."""
CAUGHT_UP_AT_ONCE: Final = 100
_ROWS_AT_ONCE: Final = 200
_UNFINISHED: Final = (JobState.QUEUED, JobState.LEASED)


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
    added: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    for work in schedule.jobs:
        busy = await _busy(transaction, schedule, work)
        rows = (queued_row(work, tenant_id) for tenant_id in tenants if tenant_id not in busy)
        origin = {"schedule": schedule.name, "scheduled_for": time}
        for some in batched(rows, _ROWS_AT_ONCE, strict=False):
            queued = added(jobs).values([row | origin for row in some])
            await transaction.execute(queued.on_conflict_do_nothing())


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
