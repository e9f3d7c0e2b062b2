"""Change a task (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import may_update
from app.core.inputs import Payload
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.db.transactions import Transaction
from app.models.task import Task
from app.repositories.tasks import TaskRepository
from app.schemas.base import names
from app.schemas.tasks import TaskUpdate
from app.services.tasks import TaskService


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTask(Message[Task]):
    """Change a task."""

    permission: ClassVar = Permission.TASK_UPDATE
    task_id: UUID
    changes: Payload[TaskUpdate]
    condition: Precondition


class UpdateTaskHandler:
    """Carries out `UpdateTask` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: UpdateTask, *, actor: Actor) -> Task:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await self.within(transaction, command, actor=actor)

    async def within(self, transaction: Transaction, command: UpdateTask, *, actor: Actor) -> Task:
        """Run `command` as a part of `transaction`."""
        service = TaskService(transaction, actor, self._settings)
        if names(command.changes, "parent_id"):
            await TaskRepository(transaction).hold_trees(tenant_id=actor.tenant_id)
        task = await service.get_for_update(command.task_id)
        require_object(
            may_update(actor, task),
            actor=actor,
            action="update",
            resource="task",
            resource_id=task.id,
        )
        changes = command.changes.value
        command.condition.check(task)
        return await service.update(task, changes)
