"""Attachments: a file that belongs to a task (REQ-014)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, String, Uuid

from app.core.ids import TenantId
from app.db.metadata import reference, tenant_table, text_length, timestamps
from app.models.base import Entity


class Attachment(Entity, frozen=True):
    """A file that belongs to a task."""

    id: UUID
    tenant_id: TenantId
    name: str
    media_type: str
    size: int
    sha256: str
    task_id: UUID
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime


attachments: Final = tenant_table(
    "attachments",
    Column("name", String(255), nullable=False),
    Column("media_type", String(127), nullable=False),
    Column("size", BigInteger(), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("task_id", Uuid(), nullable=False),
    Column("created_by_id", Uuid(), nullable=False),
    *timestamps(),
    text_length("name", 1, 255),
    text_length("media_type", 1, 127),
    text_length("sha256", 64, 64),
    reference("task_id", "tasks", ondelete="CASCADE"),
    reference("created_by_id", "users"),
    Index("ix_attachments_created_by_id", "tenant_id", "created_by_id"),
    Index("ix_attachments_task_id_created_at_id", "tenant_id", "task_id", "created_at", "id"),
    Index("ix_attachments_task_id_name_id", "tenant_id", "task_id", "name", "id"),
    Index("ix_attachments_task_id_size_id", "tenant_id", "task_id", "size", "id"),
)
