"""Queues a delivery of each event for each webhook of the tenant that hears of it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import new_id
from app.core.webhook_rules import ATTEMPTS
from app.db.clock import database_now
from app.db.parameters import named, one_of, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.webhook import webhooks
from app.models.webhook_delivery import WebhookDeliveryState, webhook_deliveries
from app.models.webhook_event import WebhookEvent

_OF_EVENT: Final = ("id", "tenant_id", "webhook_id", "event_id", "type", "payload", "occurred_at")
"""What a delivery has of its event and of its webhook."""
_HEARING: Final = Fixed(
    select(webhooks.c.id, webhooks.c.tenant_id, webhooks.c.events).where(
        webhooks.c.active, one_of(webhooks.c.tenant_id, "tenants")
    )
)


class FanOut:
    """Hears of the events that webhooks may hear of."""

    events: Final = frozenset(map(str, WebhookEvent))
    tables: Final = frozenset({webhooks.name, webhook_deliveries.name})

    async def hear(self, transaction: Transaction, rows: Sequence[Row[Any]]) -> None:
        """Queue what is to be delivered, each event once for each webhook."""
        if not rows:
            return
        tenants = {row.tenant_id for row in rows}
        hearing = await transaction.all(_HEARING, named({"tenants": tenants}))
        queued = [
            named(_delivery(row, webhook))
            for row in rows
            for webhook in hearing
            if webhook.tenant_id == row.tenant_id and row.type in webhook.events
        ]
        await transaction.execute_each(_queued(transaction.dialect), queued)


@cache
def _queued(dialect: str) -> Fixed:
    """Return what queues a delivery, unless the webhook hears of the event already."""
    added: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    own = {name: parameter(name, webhook_deliveries.c[name]) for name in _OF_EVENT}
    always = {
        "state": WebhookDeliveryState.WAITING,
        "run_at": database_now(),
        "attempt": 0,
        "max_attempts": ATTEMPTS,
        "attempts": [],
        "created_at": database_now(),
    }
    return Fixed(added(webhook_deliveries).values(**own, **always).on_conflict_do_nothing())


def _delivery(row: Row[Any], webhook: Row[Any]) -> Mapping[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": row.tenant_id,
        "webhook_id": webhook.id,
        "event_id": row.id,
        "type": row.type,
        "payload": row.payload,
        "occurred_at": row.occurred_at,
    }
