"""Change where a webhook is, what it hears of, or whether anything is delivered."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.inputs import Payload
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.models.webhook import Webhook
from app.schemas.webhooks import WebhookUpdate
from app.services.webhooks import WebhookService, require_address


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWebhook(Message[Webhook]):
    """Change a webhook."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_id: UUID
    changes: Payload[WebhookUpdate]
    condition: Precondition


class UpdateWebhookHandler:
    """Carries out `UpdateWebhook` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: UpdateWebhook, *, actor: Actor) -> Webhook:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            webhook = await service.get_for_update(command.webhook_id)
            changes = command.changes.value
            require_address(changes, self._settings)
            command.condition.check(webhook)
            return await service.update(webhook, changes)
