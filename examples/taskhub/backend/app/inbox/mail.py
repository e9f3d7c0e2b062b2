"""What `mail` tells of its own accord (REQ-024)."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import SecretStr

from app.core.ids import TenantId
from app.core.settings import Settings
from app.events.from_mail import MailBounced
from app.inbox.base import Kind, Sender
from app.models.task import tasks
from app.schemas.from_mail import MailBouncedMessage


def _mail_bounced(message: MailBouncedMessage, row_id: UUID, tenant_id: TenantId) -> MailBounced:
    """Return the event that `message.bounced` is."""
    return MailBounced(
        tenant_id=tenant_id,
        about_id=row_id,
        reason=message.data.reason,
    )


def _secrets(settings: Settings) -> tuple[SecretStr | None, SecretStr | None]:
    return settings.mail_webhook_secret, settings.mail_webhook_secret_previous


MAIL: Final = Sender(
    name="mail",
    path="/v1/integrations/mail/messages",
    secrets=_secrets,
    tolerance=timedelta(minutes=5),
    keep=timedelta(days=30),
    refuses_unknown=False,
    kinds=(
        Kind(
            name="message.bounced",
            model=MailBouncedMessage,
            table=tasks,
            about=lambda message: message.data.about,
            event=_mail_bounced,
        ),
    ),
)
