"""Read one webhook."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.db.engine import Database
from app.models.webhook import Webhook
from app.repositories.webhooks import WebhookRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWebhook(Message[Webhook]):
    """Read a webhook."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_id: UUID


class GetWebhookHandler:
    """Answers `GetWebhook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetWebhook, *, actor: Actor) -> Webhook:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await WebhookRepository(transaction).get(
                query.webhook_id, tenant_id=actor.tenant_id
            )
