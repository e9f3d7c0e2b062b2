"""List deliveries."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.webhook_delivery import WebhookDelivery
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from app.schemas.page import ListRequest, Page
from app.schemas.webhooks import WebhookDeliveryListParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWebhookDeliveries(Message[Page[WebhookDelivery]]):
    """List deliveries."""

    permission: ClassVar = MANAGE_WEBHOOKS
    listing: Payload[ListRequest[WebhookDeliveryListParameters]]


class ListWebhookDeliveriesHandler:
    """Answers `ListWebhookDeliveries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(
        self, query: ListWebhookDeliveries, *, actor: Actor
    ) -> Page[WebhookDelivery]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await WebhookDeliveryRepository(transaction).matching(
                listing.filters(), listing.page, tenant_id=actor.tenant_id
            )
