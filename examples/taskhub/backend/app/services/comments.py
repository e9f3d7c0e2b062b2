"""Business rules of comments."""

from collections.abc import Sequence
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.policies import comments as policy
from app.core.settings import Settings
from app.db.transactions import Transaction
from app.events.comments import CommentAdded, UserMentioned
from app.models.comment import Comment
from app.repositories.comments import CommentRepository, RestorableCommentRepository
from app.repositories.mentions import MentionRepository
from app.rules import comments as rules
from app.schemas.base import sent
from app.schemas.comments import CommentCreate, CommentUpdate
from app.services.base import Service


class CommentService(Service):
    """What may happen to comments."""

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        super().__init__(transaction, actor, settings)
        self._comments = CommentRepository(transaction)
        self._restorable_comments = RestorableCommentRepository(transaction)
        self._mentions = MentionRepository(transaction)

    async def get_for_update(self, comment_id: UUID) -> Comment:
        """Return the comment, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor sees no such comment.
        """
        visible = policy.visible()
        return await self._comments.get_for_update(
            comment_id, tenant_id=self._tenant_id, visible=visible
        )

    async def get_to_restore(self, comment_id: UUID) -> Comment:
        """Return the comment, deleted or not, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor would see no such comment.
        """
        visible = policy.visible()
        return await self._restorable_comments.get_for_update(
            comment_id, tenant_id=self._tenant_id, visible=visible
        )

    async def create(self, task_id: UUID, body: CommentCreate) -> Comment:
        """Store a new comment below the task.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        comment = await self._comments.insert(
            {**dict(body), "task_id": task_id, "author_id": self._actor.user_id},
            tenant_id=self._tenant_id,
            rules=rules.on_create(),
        )
        await self._audit.record("comment.create", "comment", comment.id, after=comment)
        await self._outbox.add(CommentAdded.of(comment))
        for user_id in await self._mentions.mentioned(
            comment.body,
            tenant_id=self._tenant_id,
            table=self._comments.table,
            row_id=comment.id,
            visible=policy.visible,
        ):
            await self._outbox.add(UserMentioned.of(comment, user_id=user_id))
        return comment

    async def update(self, comment: Comment, changes: CommentUpdate) -> Comment:
        """Change the members that `changes` holds.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
            EditWindowClosedError: A comment can be edited only for a while after it was written.
        """
        updated = await self._comments.update(
            comment, sent(changes), tenant_id=self._tenant_id, rules=rules.on_update(self._settings)
        )
        await self._audit.record(
            "comment.update", "comment", comment.id, before=comment, after=updated
        )
        return updated

    async def delete(self, comment: Comment) -> None:
        """Delete the comment, and what belongs to it.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        await self._comments.check(comment.id, rules.on_delete(), tenant_id=self._tenant_id)
        await self.remove([comment])

    async def remove(self, comments: Sequence[Comment]) -> None:
        """Delete `comments`, and what belongs to them, without asking their rules."""
        await self._comments.delete_all(
            [comment.id for comment in comments], tenant_id=self._tenant_id
        )
        for comment in comments:
            await self._audit.record("comment.delete", "comment", comment.id, before=comment)

    async def restore(self, comment: Comment) -> Comment:
        """Bring the deleted comment back.

        Raises:
            NotDeletedError: If it is not deleted.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        restored = await self._restorable_comments.restore(
            comment, tenant_id=self._tenant_id, rules=rules.on_restore()
        )
        await self._audit.record(
            "comment.restore", "comment", comment.id, before=comment, after=restored
        )
        return restored
