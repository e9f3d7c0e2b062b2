"""Cancel a run of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import WATCH_RUNS
from app.db.engine import Database
from app.models.run import Run
from app.services.runs import RunService
from app.worker.chain import chains_of
from app.worker.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRun(Message[Run]):
    """Cancel a run that is not done; what it has done stays."""

    permission: ClassVar = WATCH_RUNS
    run_id: UUID


class CancelRunHandler:
    """Carries out `CancelRun` in one transaction."""

    def __init__(self, database: Database, works: Sequence[type[Work]]) -> None:
        self._database = database
        self._chains = chains_of(works)

    async def __call__(self, command: CancelRun, *, actor: Actor) -> Run:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await RunService(transaction, actor, self._chains).cancel(command.run_id)
