"""Read one delivery."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.db.engine import Database
from app.models.webhook_delivery import WebhookDelivery
from app.repositories.webhook_deliveries import WebhookDeliveryRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWebhookDelivery(Message[WebhookDelivery]):
    """Read a delivery, and what became of its attempts."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_delivery_id: UUID


class GetWebhookDeliveryHandler:
    """Answers `GetWebhookDelivery`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetWebhookDelivery, *, actor: Actor) -> WebhookDelivery:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await WebhookDeliveryRepository(transaction).get(
                query.webhook_delivery_id, tenant_id=actor.tenant_id
            )
