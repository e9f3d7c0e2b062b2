"""Create a task (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.core.inputs import Payload
from app.core.keyed_requests import KeyedRequest
from app.core.settings import Settings
from app.db.engine import Database
from app.models.task import Task
from app.schemas.tasks import TaskCreate
from app.services.idempotency import once
from app.services.tasks import TaskService


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTask(Message[Task]):
    """Create a task."""

    permission: ClassVar = Permission.TASK_CREATE
    body: Payload[TaskCreate]
    request: KeyedRequest[Task] | None = None


class CreateTaskHandler:
    """Carries out `CreateTask` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: CreateTask, *, actor: Actor) -> Task:
        """Run `command` on behalf of `actor`."""
        body = command.body.value
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = TaskService(transaction, actor, self._settings)
            return await once(
                command.request,
                lambda: service.create(body),
                transaction=transaction,
                actor=actor,
                keep=self._settings.idempotency_keep,
            )
