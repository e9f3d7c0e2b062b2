"""Deliver an event to a webhook anew."""

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
class RedeliverWebhook(Message[WebhookDelivery]):
    """Attempt a delivery anew that has ended; its id stays."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_delivery_id: UUID


class RedeliverWebhookHandler:
    """Carries out `RedeliverWebhook` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: RedeliverWebhook, *, actor: Actor) -> WebhookDelivery:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            return await service.redeliver(command.webhook_delivery_id)
