"""Events about webhooks."""

from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from app.events.base import Event
from app.models.webhook import Webhook, WebhookDisabledBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Event):
    """Webhook disabled."""

    NAME: ClassVar[str] = "WebhookDisabled"
    id: UUID
    url: str
    disabled_because: WebhookDisabledBecause | None
    owner_id: UUID

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """Return the event about `webhook`."""
        return cls(
            tenant_id=webhook.tenant_id,
            id=webhook.id,
            url=webhook.url,
            disabled_because=webhook.disabled_because,
            owner_id=webhook.owner_id,
        )
