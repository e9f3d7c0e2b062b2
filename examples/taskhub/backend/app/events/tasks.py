"""Events about tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from app.events.base import Event
from app.models.task import Task, TaskStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCreated(Event):
    """Task created."""

    NAME: ClassVar[str] = "TaskCreated"
    id: UUID
    reference: str
    title: str
    project_id: UUID

    @classmethod
    def of(cls, task: Task) -> Self:
        """Return the event about `task`."""
        return cls(
            tenant_id=task.tenant_id,
            id=task.id,
            reference=task.reference,
            title=task.title,
            project_id=task.project_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """Task assigned."""

    NAME: ClassVar[str] = "TaskAssigned"
    id: UUID
    reference: str
    assignee_id: UUID | None
    before_assignee_id: UUID | None

    @classmethod
    def of(cls, task: Task, *, before: Task | None) -> Self:
        """Return the event about `task`, which was `before`."""
        return cls(
            tenant_id=task.tenant_id,
            id=task.id,
            reference=task.reference,
            assignee_id=task.assignee_id,
            before_assignee_id=None if before is None else before.assignee_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatusChanged(Event):
    """Task status changed."""

    NAME: ClassVar[str] = "TaskStatusChanged"
    id: UUID
    reference: str
    status: TaskStatus
    before_status: TaskStatus | None

    @classmethod
    def of(cls, task: Task, *, before: Task | None) -> Self:
        """Return the event about `task`, which was `before`."""
        return cls(
            tenant_id=task.tenant_id,
            id=task.id,
            reference=task.reference,
            status=task.status,
            before_status=None if before is None else before.status,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """Task completed."""

    NAME: ClassVar[str] = "TaskCompleted"
    id: UUID
    reference: str
    completed_at: datetime | None

    @classmethod
    def of(cls, task: Task) -> Self:
        """Return the event about `task`."""
        return cls(
            tenant_id=task.tenant_id,
            id=task.id,
            reference=task.reference,
            completed_at=task.completed_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOverdue(Event):
    """Task overdue."""

    NAME: ClassVar[str] = "TaskOverdue"
    id: UUID
    reference: str
    assignee_id: UUID | None
    due_at: datetime | None

    @classmethod
    def of(cls, task: Task) -> Self:
        """Return the event about `task`."""
        return cls(
            tenant_id=task.tenant_id,
            id=task.id,
            reference=task.reference,
            assignee_id=task.assignee_id,
            due_at=task.due_at,
        )
