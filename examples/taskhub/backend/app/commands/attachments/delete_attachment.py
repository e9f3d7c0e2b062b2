"""Delete an attachment (REQ-014)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.attachments import may_delete
from app.core.settings import Settings
from app.db.engine import Database
from app.db.files import FileStore
from app.services.attachments import AttachmentService


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAttachment(Message[None]):
    """Delete an attachment."""

    permission: ClassVar = Permission.TASK_UPDATE
    attachment_id: UUID


class DeleteAttachmentHandler:
    """Carries out `DeleteAttachment` in one transaction."""

    def __init__(self, database: Database, settings: Settings, files: FileStore) -> None:
        self._database = database
        self._settings = settings
        self._files = files

    async def __call__(self, command: DeleteAttachment, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = AttachmentService(transaction, actor, self._settings)
            attachment = await service.get_for_update(command.attachment_id)
            require_object(
                may_delete(actor, attachment),
                actor=actor,
                action="delete",
                resource="attachment",
                resource_id=attachment.id,
            )
            await service.delete(attachment)
        await self._files.remove(attachment.id, tenant_id=actor.tenant_id)
