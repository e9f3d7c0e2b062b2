"""Events about comments."""

from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from app.events.base import Event
from app.models.comment import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAdded(Event):
    """Comment added."""

    NAME: ClassVar[str] = "CommentAdded"
    id: UUID
    task_id: UUID
    author_id: UUID

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """Return the event about `comment`."""
        return cls(
            tenant_id=comment.tenant_id,
            id=comment.id,
            task_id=comment.task_id,
            author_id=comment.author_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMentioned(Event):
    """User mentioned."""

    NAME: ClassVar[str] = "UserMentioned"
    id: UUID
    task_id: UUID
    author_id: UUID
    user_id: UUID

    @classmethod
    def of(cls, comment: Comment, *, user_id: UUID) -> Self:
        """Return the event about `comment` and `user_id`."""
        return cls(
            tenant_id=comment.tenant_id,
            id=comment.id,
            task_id=comment.task_id,
            author_id=comment.author_id,
            user_id=user_id,
        )
