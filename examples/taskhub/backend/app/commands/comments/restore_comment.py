"""Restore a comment (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.models.comment import Comment
from app.services.comments import CommentService


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreComment(Message[Comment]):
    """Restore a comment."""

    permission: ClassVar = Permission.PROJECT_MANAGE
    comment_id: UUID
    condition: Precondition


class RestoreCommentHandler:
    """Carries out `RestoreComment` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: RestoreComment, *, actor: Actor) -> Comment:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = CommentService(transaction, actor, self._settings)
            comment = await service.get_to_restore(command.comment_id)
            command.condition.check(comment)
            return await service.restore(comment)
