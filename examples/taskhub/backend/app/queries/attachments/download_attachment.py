"""Hand out an attachment (REQ-014)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies import attachments as attachment_policy
from app.db.engine import Database
from app.db.files import FileStore, StoredFile
from app.models.attachment import Attachment
from app.repositories.attachments import AttachmentRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadAttachment(Message[tuple[Attachment, StoredFile]]):
    """Hand out an attachment."""

    permission: ClassVar = Permission.TASK_READ
    attachment_id: UUID


class DownloadAttachmentHandler:
    """Answers `DownloadAttachment`; its transaction is over before the file is sent."""

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database = database
        self._files = files

    async def __call__(
        self, query: DownloadAttachment, *, actor: Actor
    ) -> tuple[Attachment, StoredFile]:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            attachment = await AttachmentRepository(transaction).get(
                query.attachment_id, tenant_id=actor.tenant_id, visible=attachment_policy.visible()
            )
        return attachment, await self._files.open(attachment.id, tenant_id=actor.tenant_id)
