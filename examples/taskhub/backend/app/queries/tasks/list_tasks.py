"""List tasks (REQ-011, REQ-015)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import visible
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.task import Task
from app.repositories.tasks import TaskFilters, TaskRepository
from app.schemas.page import ListRequest, Page
from app.schemas.tasks import TaskListParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTasks(Message[Page[Task]]):
    """List tasks."""

    permission: ClassVar = Permission.TASK_READ
    listing: Payload[ListRequest[TaskListParameters]]


class ListTasksHandler:
    """Answers `ListTasks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListTasks, *, actor: Actor) -> Page[Task]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await TaskRepository(transaction).matching(
                TaskFilters(**listing.filters()),
                listing.page,
                tenant_id=actor.tenant_id,
                visible=visible(),
            )
