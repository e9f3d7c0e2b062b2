"""Give a dead job up for good."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.job import Job
from app.schemas.jobs import JobDiscard
from app.services.jobs import JobService


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardJob(Message[Job]):
    """Give a dead job up for good; what became of its attempts stays."""

    permission: ClassVar = MANAGE_JOBS
    job_id: UUID
    body: Payload[JobDiscard]


class DiscardJobHandler:
    """Carries out `DiscardJob` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: DiscardJob, *, actor: Actor) -> Job:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await JobService(transaction, actor).discard(command.job_id, command.body)
