"""What people may do to jobs."""

from collections.abc import Collection
from uuid import UUID

from app.core.inputs import Payload
from app.core.lifecycle import target_of
from app.db.transactions import Transaction
from app.models.base import Entity
from app.models.job import JOB_TRANSITIONS, Job
from app.repositories.jobs import JobRepository
from app.schemas.jobs import JobDiscard
from app.services.audit import AuditTrail, Author


class Discarding(Entity, frozen=True):
    """What is recorded of a dead job that was given up for good."""

    reason: str | None


class JobService:
    """What may happen to the jobs of a tenant."""

    def __init__(self, transaction: Transaction, actor: Author) -> None:
        self._tenant_id = actor.tenant_id
        self._jobs = JobRepository(transaction)
        self._audit = AuditTrail(transaction, actor)

    async def replay(self, job_id: UUID) -> Job:
        """Let a dead job run again, from where it broke off.

        Raises:
            NotFoundError: If the tenant has no such job.
            InvalidTransitionError: If it is not dead.
        """
        job = await self._require_movable(job_id, "replay")
        await self._jobs.queue_again([job_id], tenant_id=self._tenant_id)
        return await self._moved(job, "replay")

    async def replay_all(self, ids: Collection[UUID] | None) -> int:
        """Let the dead ones among `ids`, or all, run again; return how many there were."""
        dead = await self._jobs.dead(ids, tenant_id=self._tenant_id)
        await self._jobs.queue_again([job.id for job in dead], tenant_id=self._tenant_id)
        for job in dead:
            await self._audit.record("job.replay", "job", job.id)
        return len(dead)

    async def cancel(self, job_id: UUID) -> Job:
        """Let nobody go on with a job; what it has done stays.

        Raises:
            NotFoundError: If the tenant has no such job.
            InvalidTransitionError: If it is done, or cancelled.
        """
        job = await self._require_movable(job_id, "cancel")
        await self._jobs.cancel(job_id, tenant_id=self._tenant_id)
        return await self._moved(job, "cancel")

    async def discard(self, job_id: UUID, body: Payload[JobDiscard]) -> Job:
        """Give a dead job up for good; what became of its attempts stays to be read.

        Args:
            job_id: Which one.
            body: Why, for the audit trail.

        Raises:
            NotFoundError: If the tenant has no such job.
            AppError: If there is something wrong with `body`.
            InvalidTransitionError: If it is not dead.
        """
        job = await self._jobs.get_for_update(job_id, tenant_id=self._tenant_id)
        reason = body.value.reason
        target_of(JOB_TRANSITIONS, "discard", job.state)
        await self._discard(job, reason)
        return await self._jobs.get(job_id, tenant_id=self._tenant_id)

    async def discard_all(self, ids: Collection[UUID], reason: str | None) -> int:
        """Give up for good the dead ones among `ids`; return how many there were."""
        dead = await self._jobs.dead(ids, tenant_id=self._tenant_id)
        for job in dead:
            await self._discard(job, reason)
        return len(dead)

    async def _discard(self, job: Job, reason: str | None) -> None:
        await self._jobs.cancel(job.id, tenant_id=self._tenant_id)
        told = Discarding(reason=reason)
        await self._audit.record("job.discard", "job", job.id, after=told)

    async def _require_movable(self, job_id: UUID, move: str) -> Job:
        job = await self._jobs.get_for_update(job_id, tenant_id=self._tenant_id)
        target_of(JOB_TRANSITIONS, move, job.state)
        return job

    async def _moved(self, job: Job, move: str) -> Job:
        await self._audit.record(f"job.{move}", "job", job.id)
        return await self._jobs.get(job.id, tenant_id=self._tenant_id)
