"""What those who run the service may do to the jobs of all tenants."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.errors import InvalidTransitionError
from app.core.ids import TenantId
from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.background import paused_jobs
from app.models.job import JobState, jobs
from app.services.jobs import JobService
from app.worker.work import Itself

_AT_ONCE: Final = 100
_SHOWN: Final = (
    *(jobs.c.id, jobs.c.tenant_id, jobs.c.name, jobs.c.state, jobs.c.attempt),
    *(jobs.c.run_at, jobs.c.reason, jobs.c.history),
)


async def listed(
    database: Database, *, state: JobState | None, name: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Return the newest jobs in a state, of a name."""
    found = select(*_SHOWN).order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
    if state is not None:
        found = found.where(jobs.c.state == state)
    if name is not None:
        found = found.where(jobs.c.name == name)
    async with database.opened(WORKER_SCOPE) as transaction:
        return await transaction.all(found)


async def replay(database: Database, ids: Collection[UUID] | None) -> int:
    """Let the dead ones among `ids`, or all, run again; return how many there were."""

    async def again(service: JobService, own: Collection[UUID]) -> int:
        return await service.replay_all(own)

    return await _for_the_dead(database, ids, again)


async def discard(database: Database, ids: Collection[UUID] | None, reason: str | None) -> int:
    """Give up for good the dead ones among `ids`, or all; return how many there were."""

    async def given_up(service: JobService, own: Collection[UUID]) -> int:
        return await service.discard_all(own, reason)

    return await _for_the_dead(database, ids, given_up)


async def cancel(database: Database, ids: Collection[UUID]) -> int:
    """Cancel those of the jobs `ids` that are not done; return how many there were."""
    cancelled = 0
    for tenant_id, own in (await _owned(database, jobs.c.id.in_(ids))).items():
        for job_id in own:
            try:
                async with database.begin(tenant_id) as transaction:
                    await JobService(transaction, Itself(tenant_id)).cancel(job_id)
            except InvalidTransitionError:
                continue
            cancelled += 1
    return cancelled


async def pause(database: Database, name: str) -> None:
    """Let no worker begin with a job of that name; runs at hand go on."""
    async with database.opened(WORKER_SCOPE) as transaction:
        added: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
        row = added(paused_jobs).values(name=name, paused_at=database_now())
        await transaction.execute(row.on_conflict_do_nothing())


async def resume(database: Database, name: str) -> None:
    """Let workers begin with jobs of that name again."""
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.execute(delete(paused_jobs).where(paused_jobs.c.name == name))


async def paused(database: Database) -> dict[str, datetime]:
    """Return which jobs are paused, and since when."""
    async with database.opened(WORKER_SCOPE) as transaction:
        rows = await transaction.all(select(paused_jobs).order_by(paused_jobs.c.name))
    return {row.name: row.paused_at for row in rows}


async def _for_the_dead(
    database: Database,
    ids: Collection[UUID] | None,
    do: Callable[[JobService, Collection[UUID]], Awaitable[int]],
) -> int:
    """Do it to the dead ones among `ids`, or to all, some at once; return how many there were."""
    chosen = () if ids is None else (jobs.c.id.in_(ids),)
    done = 0
    while found := await _owned(database, jobs.c.state == JobState.DEAD, *chosen):
        for tenant_id, own in found.items():
            async with database.begin(tenant_id) as transaction:
                done += await do(JobService(transaction, Itself(tenant_id)), own)
    return done


async def _owned(
    database: Database, *conditions: ColumnElement[bool]
) -> dict[TenantId, list[UUID]]:
    """Return the ids of some jobs, by the tenant that they belong to."""
    found = select(jobs.c.id, jobs.c.tenant_id).where(*conditions).limit(_AT_ONCE)
    owned: defaultdict[TenantId, list[UUID]] = defaultdict(list)
    async with database.opened(WORKER_SCOPE) as transaction:
        for row in await transaction.all(found):
            owned[row.tenant_id].append(row.id)
    return owned
