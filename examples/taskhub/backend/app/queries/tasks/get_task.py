"""Read a task (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import visible
from app.db.engine import Database
from app.models.task import Task
from app.repositories.tasks import TaskRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTask(Message[Task]):
    """Read a task."""

    permission: ClassVar = Permission.TASK_READ
    task_id: UUID


class GetTaskHandler:
    """Answers `GetTask`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetTask, *, actor: Actor) -> Task:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await TaskRepository(transaction).get(
                query.task_id, tenant_id=actor.tenant_id, visible=visible()
            )
