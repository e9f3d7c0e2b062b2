"""Business rules of attachments."""

from collections.abc import Sequence
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.policies import attachments as policy
from app.core.settings import Settings
from app.core.uploads import FileContent
from app.db.transactions import Transaction
from app.models.attachment import Attachment
from app.repositories.attachments import AttachmentRepository
from app.rules import attachments as rules
from app.schemas.attachments import AttachmentCreate
from app.services.base import Service


class AttachmentService(Service):
    """What may happen to attachments."""

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        super().__init__(transaction, actor, settings)
        self._attachments = AttachmentRepository(transaction)

    async def get_for_update(self, attachment_id: UUID) -> Attachment:
        """Return the attachment, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor sees no such attachment.
        """
        visible = policy.visible()
        return await self._attachments.get_for_update(
            attachment_id, tenant_id=self._tenant_id, visible=visible
        )

    async def create(
        self, task_id: UUID, body: AttachmentCreate, content: FileContent
    ) -> Attachment:
        """Store a new attachment below the task.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        attachment = await self._attachments.insert(
            {
                **dict(body),
                **content.columns,
                "task_id": task_id,
                "created_by_id": self._actor.user_id,
            },
            tenant_id=self._tenant_id,
            rules=rules.on_create(),
        )
        await self._audit.record("attachment.create", "attachment", attachment.id, after=attachment)
        return attachment

    async def delete(self, attachment: Attachment) -> None:
        """Delete the attachment, and what belongs to it.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        await self._attachments.check(attachment.id, rules.on_delete(), tenant_id=self._tenant_id)
        await self.remove([attachment])

    async def remove(self, attachments: Sequence[Attachment]) -> None:
        """Delete `attachments`, and what belongs to them, without asking their rules."""
        await self._attachments.delete_all(
            [attachment.id for attachment in attachments], tenant_id=self._tenant_id
        )
        for attachment in attachments:
            await self._audit.record(
                "attachment.delete", "attachment", attachment.id, before=attachment
            )
