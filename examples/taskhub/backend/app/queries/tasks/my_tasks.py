"""My tasks (REQ-011)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.tasks import visible
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.task import Task
from app.repositories.tasks import TaskRepository
from app.schemas.page import ListRequest, Page
from app.schemas.tasks import MyTasksParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTasks(Message[Page[Task]]):
    """My tasks."""

    permission: ClassVar = Permission.TASK_READ
    listing: Payload[ListRequest[MyTasksParameters]]


class MyTasksHandler:
    """Answers `MyTasks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: MyTasks, *, actor: Actor) -> Page[Task]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await TaskRepository(transaction).my_tasks(
                listing.page, tenant_id=actor.tenant_id, visible=visible()
            )
