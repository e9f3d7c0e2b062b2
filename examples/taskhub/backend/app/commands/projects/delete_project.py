"""Delete a project (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.services.projects import ProjectService


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProject(Message[None]):
    """Delete a project."""

    permission: ClassVar = Permission.PROJECT_MANAGE
    project_id: UUID
    condition: Precondition


class DeleteProjectHandler:
    """Carries out `DeleteProject` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: DeleteProject, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = ProjectService(transaction, actor, self._settings)
            project = await service.get_for_update(command.project_id)
            command.condition.check(project)
            await service.delete(project)
