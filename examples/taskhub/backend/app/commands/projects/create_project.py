"""Create a project (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.core.inputs import Payload
from app.core.keyed_requests import KeyedRequest
from app.core.settings import Settings
from app.db.engine import Database
from app.models.project import Project
from app.schemas.projects import ProjectCreate
from app.services.idempotency import once
from app.services.projects import ProjectService


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProject(Message[Project]):
    """Create a project."""

    permission: ClassVar = Permission.PROJECT_MANAGE
    body: Payload[ProjectCreate]
    request: KeyedRequest[Project] | None = None


class CreateProjectHandler:
    """Carries out `CreateProject` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: CreateProject, *, actor: Actor) -> Project:
        """Run `command` on behalf of `actor`."""
        body = command.body.value
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = ProjectService(transaction, actor, self._settings)
            return await once(
                command.request,
                lambda: service.create(body),
                transaction=transaction,
                actor=actor,
                keep=self._settings.idempotency_keep,
            )
