"""Projects: a body of work with its own tasks and members (REQ-010)."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, String, Text, Uuid, text

from app.core.ids import TenantId
from app.db.links import link_table
from app.db.metadata import (
    FIELDS,
    enum_type,
    reference,
    tenant_table,
    text_length,
    timestamps,
    unique,
    version_column,
)
from app.db.words import word_table
from app.models.base import Entity


class ProjectVisibility(StrEnum):
    """Values of `visibility`."""

    TENANT = "tenant"
    PRIVATE = "private"


class Project(Entity, frozen=True):
    """A body of work with its own tasks and members."""

    id: UUID
    tenant_id: TenantId
    name: str
    key: str
    description: str
    visibility: ProjectVisibility
    reviewed_by_others: bool
    archived: bool
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    open_tasks: int
    member_ids: tuple[UUID, ...]


projects: Final = tenant_table(
    "projects",
    Column("name", String(120), nullable=False),
    Column("key", String(255), nullable=False),
    Column("description", Text(), nullable=False, default=""),
    Column(
        "visibility",
        enum_type(ProjectVisibility, name="visibility"),
        nullable=False,
        default=ProjectVisibility.TENANT,
    ),
    Column("reviewed_by_others", Boolean(), nullable=False, default=False),
    Column("archived", Boolean(), nullable=False, default=False),
    Column("created_by_id", Uuid(), nullable=False),
    *timestamps(),
    version_column(),
    text_length("name", 1, 120),
    text_length("description", 0, 10000),
    reference("created_by_id", "users"),
    Index(
        "uq_projects_name", "tenant_id", text("lower(name)"), unique=True, info={FIELDS: ("name",)}
    ),
    unique("key"),
    Index("ix_projects_created_by_id", "tenant_id", "created_by_id"),
    Index("ix_projects_name_id", "tenant_id", "name", "id"),
    Index("ix_projects_created_at_id", "tenant_id", "created_at", "id"),
    Index("ix_projects_updated_at_id", "tenant_id", "updated_at", "id"),
    Index("ix_projects_visibility_name_id", "tenant_id", "visibility", "name", "id"),
)

project_members: Final = link_table(
    "project_members", left=("project_id", "projects"), right=("user_id", "users")
)

project_words: Final = word_table("project_words", of=("project_id", "projects"))
