"""Audit entries: who changed what, and how it was before."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Index, String, Uuid

from app.core.ids import TenantId, UserId
from app.db.metadata import reference, tenant_table
from app.db.types import Json, UtcDateTime
from app.models.base import Entity


class AuditEntry(Entity, frozen=True):
    """One change. Entries are added and read, never changed or deleted.

    Attributes:
        actor_id: Who made it; None for what the service does by itself.
        action: Such as `user.update`.
        before: The values that changed, as they were; None if the object is new.
        after: The values that changed, as they are; None if the object is gone.
        correlation_id: The request or job that made the change.
    """

    id: UUID
    tenant_id: TenantId
    actor_id: UserId | None
    action: str
    entity_type: str
    entity_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    correlation_id: str | None
    occurred_at: datetime


audit_entries: Final = tenant_table(
    "audit_entries",
    Column("actor_id", Uuid(), nullable=True),
    Column("action", String(100), nullable=False),
    Column("entity_type", String(100), nullable=False),
    Column("entity_id", Uuid(), nullable=False),
    Column("before", Json, nullable=True),
    Column("after", Json, nullable=True),
    Column("correlation_id", String(128), nullable=True),
    Column("occurred_at", UtcDateTime(), nullable=False),
    reference("actor_id", "users"),
    Index("ix_audit_entries_occurred_at", "tenant_id", "occurred_at", "id"),
    Index("ix_audit_entries_entity_type", "tenant_id", "entity_type", "occurred_at", "id"),
    Index("ix_audit_entries_entity_id", "tenant_id", "entity_id", "occurred_at", "id"),
    Index("ix_audit_entries_actor_id", "tenant_id", "actor_id", "occurred_at", "id"),
)
