"""Events that happened and wait to be read by other systems."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, String, text

from app.core.ids import TenantId
from app.db.metadata import enum_type, tenant_table
from app.db.types import Json, UtcDateTime
from app.models.base import Entity


class Parked(StrEnum):
    """Why an event was laid aside."""

    UNKNOWN = "unknown"
    """This version of the service announces no such event."""
    UNREADABLE = "unreadable"
    """Its payload is not what this version of the service makes of such an event."""


outbox_messages = tenant_table(
    "outbox_messages",
    Column("type", String(100), nullable=False),
    Column("payload", Json, nullable=False),
    Column("correlation_id", String(128), nullable=True),
    Column("occurred_at", UtcDateTime(), nullable=False),
    Column("published_at", UtcDateTime(), nullable=True),
    Column("parked_at", UtcDateTime(), nullable=True),
    Column("parked_because", enum_type(Parked, name="parked_because"), nullable=True),
    Index("ix_outbox_messages_pending", "published_at", "parked_at", "occurred_at", "id"),
    Index(
        "ix_outbox_messages_parked",
        "parked_at",
        postgresql_where=text("parked_at IS NOT NULL"),
        sqlite_where=text("parked_at IS NOT NULL"),
    ),
)


class OutboxMessage(Entity, frozen=True):
    """One event, stored in the transaction that made it true.

    Attributes:
        published_at: When it was relayed to the jobs that it starts.
        parked_at: When it was laid aside, since it could not be relayed.
        parked_because: Why.
    """

    id: UUID
    tenant_id: TenantId
    type: str
    payload: dict[str, Any]
    correlation_id: str | None
    occurred_at: datetime
    published_at: datetime | None
    parked_at: datetime | None
    parked_because: Parked | None
