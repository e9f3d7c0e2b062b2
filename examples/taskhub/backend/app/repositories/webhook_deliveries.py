"""Data access for deliveries to webhooks."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, update

from app.core.ids import TenantId
from app.db.clock import database_now, from_now
from app.db.filters import equal
from app.db.parameters import TENANT, given, parameter
from app.db.statements import Fixed
from app.models.webhook_delivery import WebhookDelivery, WebhookDeliveryState, webhook_deliveries
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest

_rows = webhook_deliveries.c
_FILTERS: Final[Mapping[str, ColumnElement[bool]]] = {
    "webhook_id": equal(_rows.webhook_id, "webhook_id"),
    "state": equal(_rows.state, "state"),
}
_OWN: Final = (
    _rows.tenant_id == TENANT,
    _rows.id == parameter("id", _rows.id),
    _rows.token == parameter("token", _rows.token),
    _rows.state == WebhookDeliveryState.WAITING,
)
_TOLD: Final = {name: parameter(name, _rows[name]) for name in ("status", "reason", "attempts")}
_CONCLUDED: Final = Fixed(
    update(webhook_deliveries)
    .where(*_OWN)
    .values(state=parameter("state", _rows.state), token=None, finished_at=database_now(), **_TOLD)
)
_PUT_OFF: Final = Fixed(
    update(webhook_deliveries).where(*_OWN).values(run_at=from_now("wait"), token=None, **_TOLD)
)
_QUEUED_AGAIN: Final = Fixed(
    update(webhook_deliveries)
    .where(_rows.tenant_id == TENANT, _rows.id == parameter("id", _rows.id))
    .values(
        state=WebhookDeliveryState.WAITING,
        run_at=database_now(),
        attempt=0,
        token=None,
        reason=None,
        status=None,
        finished_at=None,
    )
)
_CANCELLED: Final = Fixed(
    update(webhook_deliveries)
    .where(
        _rows.tenant_id == TENANT,
        _rows.webhook_id == parameter("webhook_id", _rows.webhook_id),
        _rows.state == WebhookDeliveryState.WAITING,
    )
    .values(state=WebhookDeliveryState.CANCELLED, token=None, finished_at=database_now())
)


class WebhookDeliveryRepository(EntityRepository[WebhookDelivery]):
    """Deliveries of one tenant at a time."""

    table = webhook_deliveries
    model = WebhookDelivery

    async def matching(
        self, filters: Mapping[str, object], request: PageRequest, *, tenant_id: TenantId
    ) -> Page[WebhookDelivery]:
        """Return a part of the deliveries for which all `filters` hold."""
        return await self.filtered(request, _FILTERS, filters, tenant_id=tenant_id)

    async def queue_again(self, delivery_id: UUID, *, tenant_id: TenantId) -> None:
        """Let a delivery be attempted anew."""
        values = {"id": delivery_id}
        await self._transaction.execute(_QUEUED_AGAIN, given(tenant_id, None, values))

    async def cancel_waiting(self, webhook_id: UUID, *, tenant_id: TenantId) -> None:
        """Let nobody go on with what waits for a webhook, or is on its way to it."""
        values = {"webhook_id": webhook_id}
        await self._transaction.execute(_CANCELLED, given(tenant_id, None, values))

    async def conclude(
        self, delivery_id: UUID, told: Mapping[str, Any], *, tenant_id: TenantId
    ) -> bool:
        """Store how a delivery ended; return whether it was still the worker's.

        Args:
            delivery_id: Which one.
            told: Its `token`, its new `state`, `status`, `reason` and `attempts`.
            tenant_id: Whose.
        """
        values = given(tenant_id, None, {"id": delivery_id, **told})
        return await self._transaction.execute(_CONCLUDED, values) > 0

    async def put_off(
        self, delivery_id: UUID, told: Mapping[str, Any], *, tenant_id: TenantId
    ) -> bool:
        """Let a delivery be attempted again; return whether it was still the worker's.

        Args:
            delivery_id: Which one.
            told: Its `token`, the seconds to `wait`, `status`, `reason` and `attempts`.
            tenant_id: Whose.
        """
        values = given(tenant_id, None, {"id": delivery_id, **told})
        return await self._transaction.execute(_PUT_OFF, values) > 0
