"""Delete a webhook."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.preconditions import Precondition
from app.db.engine import Database
from app.services.webhooks import WebhookService


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWebhook(Message[None]):
    """Delete a webhook and its deliveries."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_id: UUID
    condition: Precondition


class DeleteWebhookHandler:
    """Carries out `DeleteWebhook` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: DeleteWebhook, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            webhook = await service.get_for_update(command.webhook_id)
            command.condition.check(webhook)
            await service.delete(webhook)
