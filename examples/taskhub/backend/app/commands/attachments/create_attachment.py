"""Create an attachment (REQ-014)."""

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
from app.core.uploads import Upload
from app.db.engine import Database
from app.db.files import FileStore
from app.models.attachment import Attachment
from app.repositories.tasks import TaskRepository
from app.schemas.attachments import ATTACHMENT_MAX_SIZE, AttachmentCreate
from app.services.attachments import AttachmentService
from app.services.idempotency import once


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAttachment(Message[Attachment]):
    """Create an attachment."""

    permission: ClassVar = Permission.TASK_UPDATE
    task_id: UUID
    parameters: Payload[AttachmentCreate]
    upload: Upload
    request: KeyedRequest[Attachment] | None = None


class CreateAttachmentHandler:
    """Carries out `CreateAttachment`: first the file, then its row in one transaction."""

    def __init__(self, database: Database, settings: Settings, files: FileStore) -> None:
        self._database = database
        self._settings = settings
        self._files = files

    async def __call__(self, command: CreateAttachment, *, actor: Actor) -> Attachment:
        """Run `command` on behalf of `actor`."""
        upload, max_size = command.upload, ATTACHMENT_MAX_SIZE
        upload.check(max_size=max_size, media_types=self._settings.attachment_media_types)
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            await TaskRepository(transaction).get(
                command.task_id, tenant_id=actor.tenant_id, visible=task_policy.visible()
            )
        body = command.parameters.value
        # No transaction is open while the file arrives, however slowly it does.
        async with (
            self._files.received(upload, tenant_id=actor.tenant_id, max_size=max_size) as content,
            self._database.begin(actor.tenant_id, caller=actor) as transaction,
        ):
            task = await TaskRepository(transaction).get(
                command.task_id, tenant_id=actor.tenant_id, visible=task_policy.visible()
            )
            service = AttachmentService(transaction, actor, self._settings)
            return await once(
                command.request,
                lambda: service.create(task.id, body, content),
                transaction=transaction,
                actor=actor,
                keep=self._settings.idempotency_keep,
                content=content.sha256,
            )
