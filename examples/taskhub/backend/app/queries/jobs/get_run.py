"""Read one run of jobs."""

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
class GetRun(Message[Run]):
    """Read a run: how far it has come, and what came of it."""

    permission: ClassVar = WATCH_RUNS
    run_id: UUID


class GetRunHandler:
    """Answers `GetRun`."""

    def __init__(self, database: Database, works: Sequence[type[Work]]) -> None:
        self._database = database
        self._chains = chains_of(works)

    async def __call__(self, query: GetRun, *, actor: Actor) -> Run:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await RunService(transaction, actor, self._chains).get(query.run_id)
