"""Read a comment (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.comments import visible
from app.db.engine import Database
from app.models.comment import Comment
from app.repositories.comments import CommentRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetComment(Message[Comment]):
    """Read a comment."""

    permission: ClassVar = Permission.TASK_READ
    comment_id: UUID


class GetCommentHandler:
    """Answers `GetComment`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetComment, *, actor: Actor) -> Comment:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await CommentRepository(transaction).get(
                query.comment_id, tenant_id=actor.tenant_id, visible=visible()
            )
