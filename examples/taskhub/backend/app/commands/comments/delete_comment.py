"""Delete a comment (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.comments import may_delete
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.services.comments import CommentService


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment(Message[None]):
    """Delete a comment."""

    permission: ClassVar = Permission.COMMENT_CREATE
    comment_id: UUID
    condition: Precondition


class DeleteCommentHandler:
    """Carries out `DeleteComment` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: DeleteComment, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = CommentService(transaction, actor, self._settings)
            comment = await service.get_for_update(command.comment_id)
            require_object(
                may_delete(actor, comment),
                actor=actor,
                action="delete",
                resource="comment",
                resource_id=comment.id,
            )
            command.condition.check(comment)
            await service.delete(comment)
