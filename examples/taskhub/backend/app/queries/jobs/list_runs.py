"""List runs of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import WATCH_RUNS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.run import Run
from app.schemas.page import ListRequest, Page
from app.schemas.runs import RunListParameters
from app.services.runs import RunService
from app.worker.chain import chains_of
from app.worker.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRuns(Message[Page[Run]]):
    """List runs, and how far each has come."""

    permission: ClassVar = WATCH_RUNS
    listing: Payload[ListRequest[RunListParameters]]


class ListRunsHandler:
    """Answers `ListRuns`."""

    def __init__(self, database: Database, works: Sequence[type[Work]]) -> None:
        self._database = database
        self._chains = chains_of(works)

    async def __call__(self, query: ListRuns, *, actor: Actor) -> Page[Run]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            runs = RunService(transaction, actor, self._chains)
            return await runs.matching(listing.filters(), listing.page)
