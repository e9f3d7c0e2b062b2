"""Cancel a job."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.db.engine import Database
from app.models.job import Job
from app.services.jobs import JobService


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob(Message[Job]):
    """Cancel a job that is not done; what it has done stays."""

    permission: ClassVar = MANAGE_JOBS
    job_id: UUID


class CancelJobHandler:
    """Carries out `CancelJob` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: CancelJob, *, actor: Actor) -> Job:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await JobService(transaction, actor).cancel(command.job_id)
