"""Have events delivered to an address."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_WEBHOOKS
from app.core.inputs import Payload
from app.core.keyed_requests import KeyedRequest
from app.core.settings import Settings
from app.db.engine import Database
from app.schemas.webhooks import WebhookInput
from app.security.webhook_secrets import WebhookSecrets
from app.services.idempotency import once
from app.services.webhooks import IssuedWebhook, WebhookService, require_address


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWebhook(Message[IssuedWebhook]):
    """Have events delivered to an address."""

    permission: ClassVar = MANAGE_WEBHOOKS
    body: Payload[WebhookInput]
    request: KeyedRequest[IssuedWebhook] | None = None


class CreateWebhookHandler:
    """Carries out `CreateWebhook` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._secrets = WebhookSecrets(settings.secret)

    async def __call__(self, command: CreateWebhook, *, actor: Actor) -> IssuedWebhook:
        """Run `command` on behalf of `actor`."""
        body = command.body.value
        require_address(body, self._settings)
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = WebhookService(transaction, actor)
            return await once(
                command.request,
                lambda: service.create(body, owner_id=actor.user_id, secrets=self._secrets),
                transaction=transaction,
                actor=actor,
                keep=self._settings.idempotency_keep,
            )
