"""Business rules of webhooks."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.core.endpoints import UnfitEndpointError, require_endpoint
from app.core.errors import FieldError, ValidationError
from app.core.ids import UserId, new_id
from app.core.lifecycle import target_of
from app.core.settings import Settings
from app.core.webhook_errors import WebhookInactiveError, WebhookLimitError
from app.core.webhook_rules import LIMIT, OVERLAP
from app.db.transactions import Transaction
from app.events.outbox import Outbox
from app.events.webhooks import WebhookDisabled
from app.models.webhook import Webhook, WebhookDisabledBecause
from app.models.webhook_delivery import (
    DELIVERY_TRANSITIONS,
    TEST_EVENT,
    WebhookDelivery,
    WebhookDeliveryState,
)
from app.repositories.tenants import OwnTenantRepository
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from app.repositories.webhooks import WebhookRepository
from app.schemas.base import sent
from app.schemas.webhooks import WebhookInput, WebhookUpdate
from app.security.webhook_secrets import WebhookSecrets, new_salt
from app.services.audit import AuditTrail, Author

_ON_AGAIN: Final = {"disabled_because": None, "failures": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedWebhook:
    """A webhook with a new secret, which is told only now."""

    webhook: Webhook
    secret: str = field(repr=False)


class WebhookService:
    """What may happen to the webhooks of a tenant."""

    def __init__(self, transaction: Transaction, actor: Author) -> None:
        self._now = transaction.now
        self._tenant_id = actor.tenant_id
        self._tenants = OwnTenantRepository(transaction)
        self._webhooks = WebhookRepository(transaction)
        self._deliveries = WebhookDeliveryRepository(transaction)
        self._audit = AuditTrail(transaction, actor)
        self._outbox = Outbox(transaction)

    async def get_for_update(self, webhook_id: UUID) -> Webhook:
        """Return the webhook, locked until the transaction ends.

        Raises:
            NotFoundError: If the tenant has no such webhook.
        """
        return await self._webhooks.get_for_update(webhook_id, tenant_id=self._tenant_id)

    async def create(
        self, body: WebhookInput, *, owner_id: UserId, secrets: WebhookSecrets
    ) -> IssuedWebhook:
        """Let an address hear of events.

        Raises:
            WebhookLimitError: If the tenant has as many as it may have.
        """
        # Two at a time must not both be the last one.
        await self._tenants.lock(tenant_id=self._tenant_id)
        if await self._webhooks.count(tenant_id=self._tenant_id) >= LIMIT:
            raise WebhookLimitError
        salt = new_salt()
        values = {"url": body.url, "events": list(body.events), "salt": salt, "owner_id": owner_id}
        webhook = await self._webhooks.insert(values, tenant_id=self._tenant_id)
        await self._audit.record("webhook.create", "webhook", webhook.id, after=webhook)
        return IssuedWebhook(webhook=webhook, secret=secrets.told(salt))

    async def update(self, webhook: Webhook, changes: WebhookUpdate) -> Webhook:
        """Change address, events or whether anything is delivered; what waits ends with that."""
        values: dict[str, Any] = sent(changes)
        if values.get("active") and not webhook.active:
            values |= _ON_AGAIN
        return await self._changed(webhook, "update", values)

    async def rotate_secret(self, webhook: Webhook, secrets: WebhookSecrets) -> IssuedWebhook:
        """Make a new secret; the one before signs as well for a while."""
        salt = new_salt()
        until = self._now + OVERLAP
        values = {"salt": salt, "earlier_salt": webhook.salt, "earlier_until": until}
        rotated = await self._changed(webhook, "rotate_secret", values)
        return IssuedWebhook(webhook=rotated, secret=secrets.told(salt))

    async def delete(self, webhook: Webhook) -> None:
        """Remove the webhook with its deliveries; what is on its way to it ends."""
        await self._webhooks.delete(webhook.id, tenant_id=self._tenant_id)
        await self._audit.record("webhook.delete", "webhook", webhook.id, before=webhook)

    async def test(self, webhook: Webhook) -> WebhookDelivery:
        """Deliver something that stands for no event, in one attempt.

        Raises:
            WebhookInactiveError: If nothing is delivered to it.
        """
        _require_active(webhook)
        values = {
            "webhook_id": webhook.id,
            "event_id": new_id(),
            "type": TEST_EVENT,
            "payload": {"webhook_id": str(webhook.id)},
            "occurred_at": self._now,
            "state": WebhookDeliveryState.WAITING,
            "run_at": self._now,
            "max_attempts": 1,
            "attempts": [],
        }
        delivery = await self._deliveries.insert(values, tenant_id=self._tenant_id)
        await self._audit.record("webhook.test", "webhook", webhook.id)
        return delivery

    async def redeliver(self, delivery_id: UUID) -> WebhookDelivery:
        """Deliver anew what has ended, under the same id.

        Raises:
            NotFoundError: If the tenant has no such delivery.
            InvalidTransitionError: If it has not ended.
            WebhookInactiveError: If nothing is delivered to its webhook.
        """
        delivery = await self._deliveries.get_for_update(delivery_id, tenant_id=self._tenant_id)
        target_of(DELIVERY_TRANSITIONS, "redeliver", delivery.state)
        _require_active(await self._webhooks.get(delivery.webhook_id, tenant_id=self._tenant_id))
        await self._deliveries.queue_again(delivery_id, tenant_id=self._tenant_id)
        await self._audit.record("webhook.redeliver", "webhook_delivery", delivery_id)
        return await self._deliveries.get(delivery_id, tenant_id=self._tenant_id)

    async def disable(self, webhook: Webhook, because: WebhookDisabledBecause) -> None:
        """Deliver nothing more, and announce that."""
        values = {"active": False, "disabled_because": because}
        disabled = await self._changed(webhook, "disable", values)
        await self._outbox.add(WebhookDisabled.of(disabled))

    async def _changed(self, webhook: Webhook, action: str, values: dict[str, Any]) -> Webhook:
        changed = await self._webhooks.update(webhook, values, tenant_id=self._tenant_id)
        if not changed.active:
            await self._deliveries.cancel_waiting(webhook.id, tenant_id=self._tenant_id)
        await self._audit.record(
            f"webhook.{action}", "webhook", webhook.id, before=webhook, after=changed
        )
        return changed


def require_address(body: WebhookInput | WebhookUpdate, settings: Settings) -> None:
    """Let pass a body whose address, if it has one, may be delivered to.

    Raises:
        ValidationError: If it may not.
    """
    url = sent(body).get("url")
    if url is None:
        return
    try:
        require_endpoint(url, insecure=settings.webhooks_insecure)
    except UnfitEndpointError as error:
        fault = FieldError(pointer="#/url", code="unfit_endpoint", detail=str(error))
        raise ValidationError([fault]) from None


def _require_active(webhook: Webhook) -> None:
    if not webhook.active:
        raise WebhookInactiveError
