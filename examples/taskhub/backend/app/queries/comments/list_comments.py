"""List comments (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies import comments as policy
from app.authorization.policies import tasks as task_policy
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.comment import Comment
from app.repositories.comments import CommentRepository
from app.repositories.tasks import TaskRepository
from app.schemas.comments import CommentListParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListComments(Message[Page[Comment]]):
    """List comments."""

    permission: ClassVar = Permission.TASK_READ
    task_id: UUID
    listing: Payload[ListRequest[CommentListParameters]]


class ListCommentsHandler:
    """Answers `ListComments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListComments, *, actor: Actor) -> Page[Comment]:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            task = await TaskRepository(transaction).get(
                query.task_id, tenant_id=actor.tenant_id, visible=task_policy.visible()
            )
            listing = query.listing.value
            return await CommentRepository(transaction).of_task(
                task.id, listing.page, tenant_id=actor.tenant_id, visible=policy.visible()
            )
