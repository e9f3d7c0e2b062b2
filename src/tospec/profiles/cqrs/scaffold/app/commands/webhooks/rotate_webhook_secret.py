"""Give a webhook another signing secret."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.security.webhook_secrets import WebhookSecrets
from app.services.webhooks import IssuedWebhook, WebhookService


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateWebhookSecret(Message[IssuedWebhook]):
    """Make a new secret; the one before signs as well for a while."""

    permission: ClassVar = MANAGE_WEBHOOKS
    webhook_id: UUID
    condition: Precondition


class RotateWebhookSecretHandler:
    """Carries out `RotateWebhookSecret` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._secrets = WebhookSecrets(settings.secret)

    async def __call__(self, command: RotateWebhookSecret, *, actor: Actor) -> IssuedWebhook:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            webhook = await service.get_for_update(command.webhook_id)
            command.condition.check(webhook)
            return await service.rotate_secret(webhook, self._secrets)
