"""Run a dead job again."""

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
class ReplayJob(Message[Job]):
    """Run a dead job again, from where it broke off."""

    permission: ClassVar = MANAGE_JOBS
    job_id: UUID


class ReplayJobHandler:
    """Carries out `ReplayJob` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: ReplayJob, *, actor: Actor) -> Job:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await JobService(transaction, actor).replay(command.job_id)
