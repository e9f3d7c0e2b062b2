"""Run dead jobs again."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.core.inputs import Payload
from app.db.engine import Database
from app.schemas.jobs import JobsReplay
from app.services.jobs import JobService


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayJobs(Message[int]):
    """Run some or all dead jobs again."""

    permission: ClassVar = MANAGE_JOBS
    body: Payload[JobsReplay]


class ReplayJobsHandler:
    """Carries out `ReplayJobs` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: ReplayJobs, *, actor: Actor) -> int:
        """Run `command` on behalf of `actor`; return how many jobs run again."""
        ids = command.body.value.ids
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await JobService(transaction, actor).replay_all(ids)
