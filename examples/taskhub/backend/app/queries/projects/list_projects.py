"""List projects (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.projects import visible
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.project import Project
from app.repositories.projects import ProjectFilters, ProjectRepository
from app.schemas.page import ListRequest, Page
from app.schemas.projects import ProjectListParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProjects(Message[Page[Project]]):
    """List projects."""

    permission: ClassVar = Permission.PROJECT_READ
    listing: Payload[ListRequest[ProjectListParameters]]


class ListProjectsHandler:
    """Answers `ListProjects`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListProjects, *, actor: Actor) -> Page[Project]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await ProjectRepository(transaction).matching(
                ProjectFilters(**listing.filters()),
                listing.page,
                tenant_id=actor.tenant_id,
                visible=visible(),
            )
