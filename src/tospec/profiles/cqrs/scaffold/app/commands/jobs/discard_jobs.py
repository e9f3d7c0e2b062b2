"""Give dead jobs up for good."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.core.inputs import Payload
from app.db.engine import Database
from app.schemas.jobs import JobsDiscard
from app.services.jobs import JobService


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardJobs(Message[int]):
    """Give some dead jobs up for good."""

    permission: ClassVar = MANAGE_JOBS
    body: Payload[JobsDiscard]


class DiscardJobsHandler:
    """Carries out `DiscardJobs` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: DiscardJobs, *, actor: Actor) -> int:
        """Run `command` on behalf of `actor`; return how many there were."""
        body = command.body.value
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await JobService(transaction, actor).discard_all(body.ids, body.reason)
