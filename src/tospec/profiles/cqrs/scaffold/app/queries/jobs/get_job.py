"""Read one job."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.db.engine import Database
from app.models.job import Job
from app.repositories.jobs import JobRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetJob(Message[Job]):
    """Read a job, and what became of its attempts."""

    permission: ClassVar = MANAGE_JOBS
    job_id: UUID


class GetJobHandler:
    """Answers `GetJob`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetJob, *, actor: Actor) -> Job:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await JobRepository(transaction).get(query.job_id, tenant_id=actor.tenant_id)
