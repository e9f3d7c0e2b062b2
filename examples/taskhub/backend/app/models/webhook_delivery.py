"""Deliveries: events on their way to webhooks, and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Column, Index, Integer, String, Uuid

from app.core.ids import TenantId
from app.core.lifecycle import Transition
from app.db.metadata import enum_type, reference, tenant_table, unique
from app.db.types import Json, UtcDateTime
from app.models.base import Entity

TEST_EVENT: Final = "webhook.test"
"""Type of what is sent to try a webhook out; no event is called so."""


class WebhookDeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


DELIVERY_TRANSITIONS: Final[Mapping[str, Transition[WebhookDeliveryState]]] = MappingProxyType(
    {
        "redeliver": Transition(
            frozenset(set(WebhookDeliveryState) - {WebhookDeliveryState.WAITING}),
            WebhookDeliveryState.WAITING,
        )
    }
)


class WebhookDelivery(Entity, frozen=True):
    """One event for one webhook.

    A worker that takes it has it until `run_at`, the time at which others may take it again.

    Attributes:
        event_id: Id of the event, the same in each attempt.
        type: Name of the event.
        payload: What it carried.
        occurred_at: When it happened.
        run_at: From when on it may be taken.
        attempt: How often it was taken since it was queued.
        max_attempts: How often it may be.
        token: What only the worker that has it knows.
        status: Status of the last answer; None if there was none.
        reason: Why the last attempt came to nothing.
        attempts: What became of each attempt.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset({"token"})

    id: UUID
    tenant_id: TenantId
    webhook_id: UUID
    event_id: UUID
    type: str
    payload: dict[str, Any]
    occurred_at: datetime
    state: WebhookDeliveryState
    run_at: datetime
    attempt: int
    max_attempts: int
    token: UUID | None
    status: int | None
    reason: str | None
    attempts: list[dict[str, Any]]
    created_at: datetime
    finished_at: datetime | None


webhook_deliveries: Final = tenant_table(
    "webhook_deliveries",
    Column("webhook_id", Uuid(), nullable=False),
    Column("event_id", Uuid(), nullable=False),
    Column("type", String(100), nullable=False),
    Column("payload", Json, nullable=False),
    Column("occurred_at", UtcDateTime(), nullable=False),
    Column("state", enum_type(WebhookDeliveryState, name="state"), nullable=False),
    Column("run_at", UtcDateTime(), nullable=False),
    Column("attempt", Integer(), nullable=False, default=0),
    Column("max_attempts", Integer(), nullable=False),
    Column("token", Uuid(), nullable=True),
    Column("status", Integer(), nullable=True),
    Column("reason", String(100), nullable=True),
    Column("attempts", Json, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("finished_at", UtcDateTime(), nullable=True),
    reference("webhook_id", "webhooks", ondelete="CASCADE"),
    # A webhook hears of each event once, however often that is relayed.
    unique("webhook_id", "event_id"),
    Index("ix_webhook_deliveries_created_at", "tenant_id", "created_at", "id"),
    Index("ix_webhook_deliveries_state", "tenant_id", "state", "created_at", "id"),
    Index("ix_webhook_deliveries_webhook_id", "tenant_id", "webhook_id", "created_at", "id"),
    Index("ix_webhook_deliveries_state_run_at", "state", "run_at"),
    Index("ix_webhook_deliveries_created", "created_at"),
)
