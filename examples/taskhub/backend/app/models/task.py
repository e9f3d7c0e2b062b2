"""Tasks: a unit of work in a project, assigned to at most one person (REQ-011)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Text, Uuid, text

from app.core.ids import TenantId
from app.core.lifecycle import Transition
from app.db.links import counter_table, link_table
from app.db.metadata import (
    RANKED,
    enum_type,
    reference,
    tenant_table,
    text_length,
    timestamps,
    unique,
    version_column,
)
from app.db.types import UtcDateTime
from app.db.words import word_table
from app.models.base import Entity


class TaskPriority(StrEnum):
    """Values of `priority`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class TaskStatus(StrEnum):
    """States of a task."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DONE = "done"
    CANCELLED = "cancelled"


TASK_TRANSITIONS: Final[Mapping[str, Transition[TaskStatus]]] = MappingProxyType(
    {
        "start": Transition(frozenset({TaskStatus.TODO}), TaskStatus.IN_PROGRESS),
        "submit": Transition(frozenset({TaskStatus.IN_PROGRESS}), TaskStatus.IN_REVIEW),
        "complete": Transition(frozenset({TaskStatus.IN_REVIEW}), TaskStatus.DONE),
        "cancel": Transition(
            frozenset({TaskStatus.TODO, TaskStatus.IN_PROGRESS, TaskStatus.IN_REVIEW}),
            TaskStatus.CANCELLED,
        ),
        "reopen": Transition(frozenset({TaskStatus.DONE, TaskStatus.CANCELLED}), TaskStatus.TODO),
    }
)


class Task(Entity, frozen=True):
    """A unit of work in a project, assigned to at most one person."""

    id: UUID
    tenant_id: TenantId
    number: int
    title: str
    description: str
    priority: TaskPriority
    due_at: datetime | None
    estimate: int | None
    completed_at: datetime | None
    cancel_reason: str | None
    overdue_told_for: datetime | None
    mail_bounced_at: datetime | None
    archived_at: datetime | None
    status: TaskStatus
    project_id: UUID
    assignee_id: UUID | None
    parent_id: UUID | None
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    reference: str
    is_overdue: bool
    open_subtasks: int
    is_archived: bool
    label_ids: tuple[UUID, ...]


tasks: Final = tenant_table(
    "tasks",
    Column("number", BigInteger(), nullable=False),
    Column("title", String(255), nullable=False),
    Column("description", Text(), nullable=False, default=""),
    Column(
        "priority",
        enum_type(TaskPriority, name="priority"),
        nullable=False,
        default=TaskPriority.MEDIUM,
    ),
    Column("due_at", UtcDateTime(), nullable=True),
    Column("estimate", Integer(), nullable=True),
    Column("completed_at", UtcDateTime(), nullable=True),
    Column("cancel_reason", String(500), nullable=True),
    Column("overdue_told_for", UtcDateTime(), nullable=True),
    Column("mail_bounced_at", UtcDateTime(), nullable=True),
    Column("archived_at", UtcDateTime(), nullable=True),
    Column("status", enum_type(TaskStatus, name="status"), nullable=False, default=TaskStatus.TODO),
    Column("project_id", Uuid(), nullable=False),
    Column("assignee_id", Uuid(), nullable=True),
    Column("parent_id", Uuid(), nullable=True),
    Column("created_by_id", Uuid(), nullable=False),
    *timestamps(),
    version_column(),
    text_length("title", 1, 255),
    text_length("description", 0, 20000),
    CheckConstraint("estimate BETWEEN 0 AND 60000", name="estimate_range"),
    text_length("cancel_reason", 3, 500),
    reference("project_id", "projects", ondelete="CASCADE"),
    reference("assignee_id", "users"),
    reference("parent_id", "tasks"),
    reference("created_by_id", "users"),
    unique("project_id", "number"),
    Index("ix_tasks_project_id_status_due_at", "tenant_id", "project_id", "status", "due_at"),
    Index("ix_tasks_assignee_id_status", "tenant_id", "assignee_id", "status"),
    Index("ix_tasks_parent_id", "tenant_id", "parent_id"),
    Index("ix_tasks_created_by_id", "tenant_id", "created_by_id"),
    Index("ix_tasks_created_at_id", "tenant_id", "created_at", "id"),
    Index("ix_tasks_updated_at_id", "tenant_id", "updated_at", "id"),
    Index("ix_tasks_missing_due_at_id", "tenant_id", text("(due_at IS NULL)"), "due_at", "id"),
    Index(
        "ix_tasks_missing_due_at_desc_id",
        "tenant_id",
        text("(due_at IS NULL)"),
        text("due_at DESC"),
        text("id DESC"),
    ),
    Index(
        "ix_tasks_priority_rank_id",
        "tenant_id",
        text(
            "(CASE priority WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' "
            "THEN 2 WHEN 'urgent' THEN 3 END)"
        ),
        "id",
        info={RANKED: True},
    ),
    Index("ix_tasks_status_created_at_id", "tenant_id", "status", "created_at", "id"),
    Index("ix_tasks_priority_created_at_id", "tenant_id", "priority", "created_at", "id"),
    Index("ix_tasks_due_at_id", "tenant_id", "due_at", "id"),
)

task_labels: Final = link_table(
    "task_labels", left=("task_id", "tasks"), right=("label_id", "labels")
)

task_number_counters: Final = counter_table(
    "task_number_counters", within=("project_id", "projects")
)

task_words: Final = word_table("task_words", of=("task_id", "tasks"))
