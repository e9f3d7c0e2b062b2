"""Create a comment (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies import tasks as task_policy
from app.core.inputs import Payload
from app.core.keyed_requests import KeyedRequest
from app.core.settings import Settings
from app.db.engine import Database
from app.models.comment import Comment
from app.repositories.tasks import TaskRepository
from app.schemas.comments import CommentCreate
from app.services.comments import CommentService
from app.services.idempotency import once


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateComment(Message[Comment]):
    """Create a comment."""

    permission: ClassVar = Permission.COMMENT_CREATE
    task_id: UUID
    body: Payload[CommentCreate]
    request: KeyedRequest[Comment] | None = None


class CreateCommentHandler:
    """Carries out `CreateComment` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: CreateComment, *, actor: Actor) -> Comment:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            task = await TaskRepository(transaction).get(
                command.task_id, tenant_id=actor.tenant_id, visible=task_policy.visible()
            )
            service = CommentService(transaction, actor, self._settings)
            body = command.body.value
            return await once(
                command.request,
                lambda: service.create(task.id, body),
                transaction=transaction,
                actor=actor,
                keep=self._settings.idempotency_keep,
            )
