"""Move a task to `in_review` (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import may_submit
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.db.transactions import Transaction
from app.models.task import Task
from app.services.tasks import TaskService


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitTask(Message[Task]):
    """Move a task to `in_review`."""

    permission: ClassVar = Permission.TASK_UPDATE
    task_id: UUID
    condition: Precondition


class SubmitTaskHandler:
    """Carries out `SubmitTask` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: SubmitTask, *, actor: Actor) -> Task:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await self.within(transaction, command, actor=actor)

    async def within(self, transaction: Transaction, command: SubmitTask, *, actor: Actor) -> Task:
        """Run `command` as a part of `transaction`."""
        service = TaskService(transaction, actor, self._settings)
        task = await service.get_for_update(command.task_id)
        require_object(
            may_submit(actor, task),
            actor=actor,
            action="submit",
            resource="task",
            resource_id=task.id,
        )
        command.condition.check(task)
        return await service.submit(task)
