"""What keeps a worker and its queue well: signs of life, lost leases, figures, old rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, insert, select, update

from app.core.errors import ServiceUnavailableError
from app.core.ids import new_id
from app.db.clock import database_now, from_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.models.background import schedule_firings, workers
from app.models.job import JobState, jobs
from app.worker.metrics import (
    JOBS_DEAD,
    JOBS_DEAD_LETTERS,
    JOBS_WAITING,
    JOBS_WAITING_SECONDS,
)

_FORGOTTEN: Final = timedelta(days=1)
_REMOVED_AT_ONCE: Final = 1000
_OWN: Final = workers.c.id == parameter("id", workers.c.id)
_TROUBLED: Final = parameter("troubled", workers.c.troubled)
_SEEN: Final = Fixed(update(workers).where(_OWN).values(seen_at=database_now(), troubled=_TROUBLED))
_ADDED: Final = Fixed(
    insert(workers).values(
        id=parameter("id", workers.c.id),
        started_at=database_now(),
        seen_at=database_now(),
        troubled=_TROUBLED,
    )
)
_GONE: Final = Fixed(delete(workers).where(_OWN))
_SILENT: Final = Fixed(delete(workers).where(workers.c.seen_at < from_now("since")))
_ALIVE: Final = Fixed(select(workers.c.troubled).where(workers.c.seen_at > from_now("since")))
_WAITING: Final = Fixed(
    select(
        jobs.c.name,
        func.count().label("size"),
        func.min(jobs.c.run_at).label("since"),
        database_now().label("now"),
    )
    .where(jobs.c.state == JobState.QUEUED, jobs.c.run_at <= database_now())
    .group_by(jobs.c.name)
)
_DEAD: Final = Fixed(
    select(jobs.c.name, func.count().label("size"))
    .where(jobs.c.state == JobState.DEAD)
    .group_by(jobs.c.name)
)
_OLD: Final = (
    select(jobs.c.id)
    .where(jobs.c.state.in_([JobState.DONE, JobState.CANCELLED]))
    .where(jobs.c.finished_at < from_now("since"))
    .limit(_REMOVED_AT_ONCE)
)
_OLD_REMOVED: Final = Fixed(delete(jobs).where(jobs.c.id.in_(_OLD)))
_NEWER: Final = schedule_firings.alias()
_OLD_FIRINGS_REMOVED: Final = Fixed(
    delete(schedule_firings)
    .where(schedule_firings.c.happened_at < from_now("since"))
    # The newest says from when on firings may have been missed.
    .where(
        exists().where(
            and_(
                _NEWER.c.schedule == schedule_firings.c.schedule,
                _NEWER.c.scheduled_for > schedule_firings.c.scheduled_for,
            )
        )
    )
)


class Upkeep:
    """Signs of life, figures and the removal of old rows.

    Args:
        database: Where they are.
        names: Of the jobs that this version of the service knows.
        keep: How long rows of finished jobs are kept.
    """

    def __init__(self, database: Database, names: frozenset[str], *, keep: timedelta) -> None:
        self._database = database
        self._names = names
        self._keep = keep
        self._id: UUID = new_id()

    async def show_life(self, troubled: Mapping[str, str]) -> None:
        """Let others know that this worker lives.

        Args:
            troubled: Other services that it does not ask for a while, and why.
        """
        async with self._database.opened(WORKER_SCOPE) as transaction:
            own = named({"id": self._id, "troubled": dict(troubled)})
            if not await transaction.execute(_SEEN, own):
                await transaction.execute(_ADDED, own)

    async def sign_off(self) -> None:
        """Let others know that this worker is no more."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            await transaction.execute(_GONE, named({"id": self._id}))

    async def measure(self) -> None:
        """Let metrics tell how much waits, for how long, and what is dead."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            waiting = {row.name: row for row in await transaction.all(_WAITING)}
            dead = {row.name: row.size for row in await transaction.all(_DEAD)}
        for name in self._names:
            row = waiting.get(name)
            JOBS_WAITING.labels(name).set(row.size if row else 0)
            JOBS_WAITING_SECONDS.labels(name).set(_age(row.since, row.now) if row else 0)
            JOBS_DEAD_LETTERS.labels(name).set(dead.get(name, 0))
            # A count that begins at 1 has not increased, and no alert would tell of the first.
            JOBS_DEAD.labels(name).inc(0)

    async def remove_old(self) -> None:
        """Remove what nobody asks for any more: rows of finished jobs, firings, silent workers."""
        since = named({"since": -self._keep.total_seconds()})
        removed = _REMOVED_AT_ONCE
        while removed == _REMOVED_AT_ONCE:
            async with self._database.opened(WORKER_SCOPE) as transaction:
                removed = await transaction.execute(_OLD_REMOVED, since)
        async with self._database.opened(WORKER_SCOPE) as transaction:
            await transaction.execute(_OLD_FIRINGS_REMOVED, since)
            await transaction.execute(_SILENT, named({"since": -_FORGOTTEN.total_seconds()}))


async def require_worker(database: Database, silence: timedelta) -> None:
    """Let pass if some worker has shown signs of life lately.

    Args:
        database: Where workers show them.
        silence: After which one is taken for dead.

    Raises:
        ServiceUnavailableError: If none has.
    """
    if not await alive(database, silence):
        raise ServiceUnavailableError("No worker runs.")


async def alive(database: Database, silence: timedelta) -> list[Mapping[str, str]]:
    """Return the services that each living worker does not ask for a while, and why."""
    async with database.opened(WORKER_SCOPE._replace(read_only=True)) as transaction:
        rows = await transaction.all(_ALIVE, named({"since": -silence.total_seconds()}))
    return [row.troubled for row in rows]


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
