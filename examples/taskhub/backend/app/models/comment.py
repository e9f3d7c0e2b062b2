"""Comments: what somebody said about a task (REQ-013)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid, text

from app.core.ids import TenantId
from app.db.metadata import reference, tenant_table, text_length, timestamps, version_column
from app.db.types import UtcDateTime
from app.models.base import Entity


class Comment(Entity, frozen=True):
    """What somebody said about a task."""

    id: UUID
    tenant_id: TenantId
    body: str
    task_id: UUID
    author_id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    deleted_at: datetime | None


comments: Final = tenant_table(
    "comments",
    Column("body", Text(), nullable=False),
    Column("task_id", Uuid(), nullable=False),
    Column("author_id", Uuid(), nullable=False),
    *timestamps(),
    version_column(),
    Column("deleted_at", UtcDateTime(), nullable=True),
    text_length("body", 1, 5000),
    reference("task_id", "tasks", ondelete="CASCADE"),
    reference("author_id", "users"),
    Index("ix_comments_author_id", "tenant_id", "author_id"),
    Index("ix_comments_task_id_created_at_id", "tenant_id", "task_id", "created_at", "id"),
    Index(
        "ix_comments_deleted",
        "tenant_id",
        "created_at",
        "id",
        postgresql_where=text("deleted_at IS NOT NULL"),
        sqlite_where=text("deleted_at IS NOT NULL"),
    ),
)
