"""Read an attachment (REQ-014)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.attachments import visible
from app.db.engine import Database
from app.models.attachment import Attachment
from app.repositories.attachments import AttachmentRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAttachment(Message[Attachment]):
    """Read an attachment."""

    permission: ClassVar = Permission.TASK_READ
    attachment_id: UUID


class GetAttachmentHandler:
    """Answers `GetAttachment`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetAttachment, *, actor: Actor) -> Attachment:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await AttachmentRepository(transaction).get(
                query.attachment_id, tenant_id=actor.tenant_id, visible=visible()
            )
