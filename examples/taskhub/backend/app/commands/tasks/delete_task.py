"""Delete a task (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import may_delete
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.services.tasks import TaskService


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask(Message[None]):
    """Delete a task."""

    permission: ClassVar = Permission.TASK_DELETE
    task_id: UUID
    condition: Precondition


class DeleteTaskHandler:
    """Carries out `DeleteTask` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: DeleteTask, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = TaskService(transaction, actor, self._settings)
            task = await service.get_for_update(command.task_id)
            require_object(
                may_delete(actor, task),
                actor=actor,
                action="delete",
                resource="task",
                resource_id=task.id,
            )
            command.condition.check(task)
            await service.delete(task)
