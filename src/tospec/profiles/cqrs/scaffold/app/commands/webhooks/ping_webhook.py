"""Try a webhook out."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.db.engine import Database
from app.models.webhook_delivery import WebhookDelivery
from app.services.webhooks import WebhookService


@dataclass(frozen=True, slots=True, kw_only=True)
class PingWebhook(Message[WebhookDelivery]):
    """Deliver something that stands for no event."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_id: UUID


class PingWebhookHandler:
    """Carries out `PingWebhook` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: PingWebhook, *, actor: Actor) -> WebhookDelivery:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            return await service.test(await service.get_for_update(command.webhook_id))
