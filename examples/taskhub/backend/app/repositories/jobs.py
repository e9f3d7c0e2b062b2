"""Data access for jobs."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update

from app.core.ids import TenantId
from app.db.clock import database_now
from app.db.filters import equal
from app.db.parameters import TENANT, given
from app.models.job import Job, JobState, jobs
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest

_FILTERS: Final[Mapping[str, ColumnElement[bool]]] = {
    "state": equal(jobs.c.state, "state"),
    "name": equal(jobs.c.name, "name"),
}
_QUEUED_AGAIN: Final = {
    "state": JobState.QUEUED,
    "run_at": database_now(),
    "told_at": None,
    "attempt": 0,
    "reason": None,
    "finished_at": None,
}


class JobRepository(EntityRepository[Job]):
    """Jobs of one tenant at a time."""

    table = jobs
    model = Job

    async def matching(
        self, filters: Mapping[str, object], request: PageRequest, *, tenant_id: TenantId
    ) -> Page[Job]:
        """Return a part of the jobs for which all `filters` hold."""
        return await self.filtered(request, _FILTERS, filters, tenant_id=tenant_id)

    async def dead(self, ids: Collection[UUID] | None, *, tenant_id: TenantId) -> list[Job]:
        """Return the dead jobs among `ids`, or all of them, locked."""
        found = self._dead() if ids is None else self._dead().where(jobs.c.id.in_(ids))
        rows = await self._transaction.all(found, given(tenant_id))
        return [self._entity(row) for row in rows]

    async def queue_again(self, ids: Collection[UUID], *, tenant_id: TenantId) -> None:
        """Let dead jobs run again, from where they broke off."""
        again = update(jobs).where(jobs.c.tenant_id == tenant_id, jobs.c.id.in_(ids))
        await self._transaction.execute(again.values(_QUEUED_AGAIN))

    async def cancel(self, job_id: UUID, *, tenant_id: TenantId) -> None:
        """Let nobody go on with a job: whoever leases it loses the lease."""
        row = update(jobs).where(jobs.c.tenant_id == tenant_id, jobs.c.id == job_id)
        cancelled = row.values(
            state=JobState.CANCELLED, token=None, leased_until=None, finished_at=database_now()
        )
        await self._transaction.execute(cancelled)

    @classmethod
    def _dead(cls) -> Select[tuple[object, ...]]:
        dead = select(jobs).where(jobs.c.tenant_id == TENANT, jobs.c.state == JobState.DEAD)
        return dead.order_by(jobs.c.id).with_for_update()
