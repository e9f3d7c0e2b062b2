"""List webhooks."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.webhook import Webhook
from app.repositories.webhooks import WebhookRepository
from app.schemas.page import ListRequest, Page
from app.schemas.webhooks import WebhookListParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWebhooks(Message[Page[Webhook]]):
    """List webhooks."""

    permission: ClassVar = MANAGE_WEBHOOKS
    listing: Payload[ListRequest[WebhookListParameters]]


class ListWebhooksHandler:
    """Answers `ListWebhooks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListWebhooks, *, actor: Actor) -> Page[Webhook]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await WebhookRepository(transaction).page(
                listing.page, tenant_id=actor.tenant_id
            )
