"""Read a project (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.projects import visible
from app.db.engine import Database
from app.models.project import Project
from app.repositories.projects import ProjectRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProject(Message[Project]):
    """Read a project."""

    permission: ClassVar = Permission.PROJECT_READ
    project_id: UUID


class GetProjectHandler:
    """Answers `GetProject`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetProject, *, actor: Actor) -> Project:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await ProjectRepository(transaction).get(
                query.project_id, tenant_id=actor.tenant_id, visible=visible()
            )
