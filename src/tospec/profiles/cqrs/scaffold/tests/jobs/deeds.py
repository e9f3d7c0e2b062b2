"""Work that only leaves a trace, and what tests ask about it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.audit_entry import audit_entries
from app.models.base import hydrate
from app.models.job import Job, JobState, jobs
from app.models.tenant import tenants
from app.worker.queue import Queue
from app.worker.work import Progress, Retry, Work
from tests.fixtures import store
from tests.world import number

PAST: Final = datetime(2020, 1, 1, tzinfo=UTC)
LEASE: Final = timedelta(seconds=30)

type Act = Callable[[int], Awaitable[object]]


class Deed(Work):
    """Leaves an audit entry in each step.

    Attributes:
        steps: How many there are.
        act: What happens before the entry, with the number of the step from 1.
    """

    name: ClassVar = "deed"
    timeout: ClassVar = timedelta(seconds=20)
    retry: ClassVar = Retry(attempts=3, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    steps: ClassVar[int] = 1
    act: ClassVar[Act | None] = None

    async def step(self, progress: Progress) -> Progress:
        count = progress.changed + 1
        if type(self).act is not None:
            await type(self).act(count)
        await self._audit.record("deed.do", "deed", new_id())
        return replace(progress, changed=count, finished=count >= self.steps)


def deed(act: Act | None = None, **attributes: Any) -> type[Deed]:
    """Return a deed that no other test knows."""
    own = {"name": f"deed_{number()}", "act": staticmethod(act) if act else None}
    return type("OwnDeed", (Deed,), {**own, **attributes})


def failing(times: int, error: Exception) -> Act:
    """Return what raises `error` so many times."""
    left = iter(range(times))

    async def act(_: int) -> None:
        if next(left, None) is not None:
            raise error

    return act


def queue(database: Database, *names: str, **options: Any) -> Queue:
    """Return a queue that knows jobs of `names`."""
    return Queue(database, names, **{"lease": LEASE, "per_tenant": 2, **options})


async def add_tenant(database: Database, **values: Any) -> TenantId:
    tenant_id = TenantId(new_id())
    always = {"name": "Deeds", "created_at": PAST, "updated_at": PAST, "version": 1}
    async with database.begin(tenant_id) as transaction:
        await store(transaction, tenants, [{"id": tenant_id, **always, **values}])
    return tenant_id


async def enqueue(
    database: Database, tenant_id: TenantId, work: type[Work] | str, **values: Any
) -> UUID:
    """Queue a job that is due, and return its id."""
    row = row_of(tenant_id, work) | values
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.execute(insert(jobs).values(row))
    return row["id"]


def row_of(tenant_id: TenantId, work: type[Work] | str) -> dict[str, Any]:
    """Return the row of a job that is due."""
    name = work if isinstance(work, str) else work.name
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "name": name,
        "schedule": f"schedule_{number()}",
        "scheduled_for": PAST,
        "run_at": PAST,
        "max_attempts": 3 if isinstance(work, str) else work.retry.attempts,
        "progress": Progress().document(),
        "history": [],
        "created_at": PAST,
    }


def of_event() -> dict[str, Any]:
    """Return what the row of a job has instead that an event has started."""
    event = {"event": "Rung", "event_id": new_id(), "payload": {}}
    return {**event, "schedule": None, "scheduled_for": None}


async def job(database: Database, job_id: UUID) -> Job:
    """Return a job as it is."""
    async with database.opened(WORKER_SCOPE) as transaction:
        row = await transaction.one(select(jobs).where(jobs.c.id == job_id))
    return hydrate(Job, row)


async def change(database: Database, job_id: UUID, **values: Any) -> None:
    """Change the row of a job, as time or an accident would."""
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.execute(update(jobs).where(jobs.c.id == job_id).values(values))


async def deeds(database: Database, tenant_id: TenantId) -> int:
    """Return how many entries deeds have left in a tenant."""
    found = select(audit_entries.c.id).where(
        audit_entries.c.tenant_id == tenant_id, audit_entries.c.action == "deed.do"
    )
    async with database.read(tenant_id) as transaction:
        return len(await transaction.all(found))


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.02)


async def is_in(database: Database, ids: Sequence[UUID], state: JobState) -> bool:
    """Return whether all the jobs are in that state."""
    return {(await job(database, each)).state for each in ids} == {state}
