"""Data access for webhooks."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from app.core.ids import TenantId
from app.db.parameters import TENANT, given, parameter
from app.db.statements import Fixed
from app.models.webhook import Webhook, webhooks
from app.repositories.entities import EntityRepository

_COUNTED: Final = Fixed(select(func.count()).where(webhooks.c.tenant_id == TENANT))
# What a client sees of it does not change, so its version stays.
_FAILURES: Final = Fixed(
    update(webhooks)
    .where(webhooks.c.tenant_id == TENANT, webhooks.c.id == parameter("id", webhooks.c.id))
    .values(failures=parameter("failures", webhooks.c.failures))
)


class WebhookRepository(EntityRepository[Webhook]):
    """Webhooks of one tenant at a time."""

    table = webhooks
    model = Webhook

    async def count(self, *, tenant_id: TenantId) -> int:
        """Return how many webhooks the tenant has."""
        return int(await self._transaction.scalar(_COUNTED, given(tenant_id)))

    async def count_failures(self, webhook_id: UUID, failures: int, *, tenant_id: TenantId) -> None:
        """Store how many deliveries in a row came to nothing."""
        values = {"id": webhook_id, "failures": failures}
        await self._transaction.execute(_FAILURES, given(tenant_id, None, values))
