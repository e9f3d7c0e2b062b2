"""Data access for tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from app.authorization.principal import CALLER
from app.computed import tasks as task_values
from app.core.ids import TenantId
from app.db.counters import Numbered
from app.db.filters import among, at_least, before, equal, linked, truth
from app.db.subqueries import refers
from app.errors import TaskNestingError
from app.models.task import (
    Task,
    TaskPriority,
    TaskStatus,
    task_labels,
    task_number_counters,
    task_words,
    tasks,
)
from app.repositories.batches import BatchedRepository
from app.repositories.filtering import members
from app.repositories.linking import ToMany
from app.repositories.nesting import Nesting
from app.repositories.searching import Searched, SearchedRepository
from app.repositories.watched import WatchedRepository
from app.schemas.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilters:
    """What a list of tasks is narrowed down to; None and () leave it as it is."""

    project_id: UUID | None = None
    status: tuple[TaskStatus, ...] = ()
    assignee_id: UUID | None = None
    label_id: UUID | None = None
    priority: tuple[TaskPriority, ...] = ()
    due_at_from: datetime | None = None
    due_at_before: datetime | None = None
    is_overdue: bool | None = None
    parent_id: UUID | None = None
    is_archived: bool | None = None
    q: str | None = None


class TaskRepository(BatchedRepository[Task], WatchedRepository[Task], SearchedRepository[Task]):
    """Tasks of one tenant at a time."""

    table = tasks
    model = Task
    links: ClassVar[tuple[ToMany, ...]] = (
        ToMany(field="label_ids", table=task_labels, own="task_id", other="label_id"),
    )
    unlisted: ClassVar[frozenset[str]] = frozenset({"open_subtasks", "is_archived"})
    searched: ClassVar[Searched] = Searched(
        fields=("title", "description"), table=task_words, own="task_id"
    )
    trees: ClassVar[tuple[Nesting, ...]] = (
        Nesting(column="parent_id", max_depth=3, error=TaskNestingError),
    )
    counters: ClassVar[tuple[Numbered, ...]] = (
        Numbered(column="number", table=task_number_counters),
    )
    counted: ClassVar = (("project-statistics", "project_id"),)

    @classmethod
    def _computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {
            "reference": task_values.reference(),
            "is_overdue": task_values.is_overdue(),
            "open_subtasks": task_values.open_subtasks(),
            "is_archived": task_values.is_archived(),
        }

    async def matching(
        self,
        filters: TaskFilters,
        request: PageRequest,
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool],
    ) -> Page[Task]:
        """Return a page of the tasks that pass `filters` and are `visible`."""
        return await self.filtered(
            request, _filters(), members(filters), visible, tenant_id=tenant_id
        )

    async def my_tasks(
        self,
        request: PageRequest,
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool],
    ) -> Page[Task]:
        """Return a page of the visible tasks for `MyTasks`."""
        return await self.page(request, visible, _my_tasks(), tenant_id=tenant_id)


@cache
def _filters() -> Mapping[str, ColumnElement[bool]]:
    return {
        "project_id": equal(tasks.c.project_id, "project_id"),
        "status": among(tasks.c.status, "status"),
        "assignee_id": equal(tasks.c.assignee_id, "assignee_id"),
        "label_id": linked(
            task_labels.c.label_id, "label_id", refers(task_labels, "task_id", to=tasks)
        ),
        "priority": among(tasks.c.priority, "priority"),
        "due_at_from": at_least(tasks.c.due_at, "due_at_from"),
        "due_at_before": before(tasks.c.due_at, "due_at_before"),
        "is_overdue": truth(task_values.is_overdue(), "is_overdue"),
        "parent_id": equal(tasks.c.parent_id, "parent_id"),
        "is_archived": truth(task_values.is_archived(), "is_archived"),
    }


@cache
def _my_tasks() -> ColumnElement[bool]:
    """`assignee == principal.id && !(status in ['done', 'cancelled'])`."""
    return and_(
        tasks.c.assignee_id == CALLER.user_id,
        tasks.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),
    )
