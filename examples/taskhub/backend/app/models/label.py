"""Labels: a coloured word that marks tasks (REQ-010)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Index, String, text

from app.core.ids import TenantId
from app.db.metadata import FIELDS, tenant_table, text_length, timestamps, version_column
from app.models.base import Entity


class Label(Entity, frozen=True):
    """A coloured word that marks tasks."""

    id: UUID
    tenant_id: TenantId
    name: str
    color: str
    created_at: datetime
    updated_at: datetime
    version: int


labels: Final = tenant_table(
    "labels",
    Column("name", String(50), nullable=False),
    Column("color", String(255), nullable=False, default="#808080"),
    *timestamps(),
    version_column(),
    text_length("name", 1, 50),
    Index(
        "uq_labels_name", "tenant_id", text("lower(name)"), unique=True, info={FIELDS: ("name",)}
    ),
    Index("ix_labels_name_id", "tenant_id", "name", "id"),
    Index("ix_labels_created_at_id", "tenant_id", "created_at", "id"),
)
