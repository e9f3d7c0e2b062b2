"""List jobs."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.job import Job
from app.repositories.jobs import JobRepository
from app.schemas.jobs import JobListParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJobs(Message[Page[Job]]):
    """List jobs."""

    permission: ClassVar = MANAGE_JOBS
    listing: Payload[ListRequest[JobListParameters]]


class ListJobsHandler:
    """Answers `ListJobs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListJobs, *, actor: Actor) -> Page[Job]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await JobRepository(transaction).matching(
                listing.filters(), listing.page, tenant_id=actor.tenant_id
            )
