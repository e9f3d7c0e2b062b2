"""Jobs over tasks."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from app.computed import tasks as task_values
from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.parameters import NOW
from app.db.subqueries import refers, value_of
from app.db.transactions import Transaction
from app.events.from_mail import MailBounced
from app.events.tasks import TaskOverdue
from app.models.job import Priority
from app.models.project import projects
from app.models.task import Task, TaskStatus, tasks
from app.repositories.tasks import TaskRepository
from app.rules import tasks as rules
from app.worker.on_event import OnEvent
from app.worker.rows import EachRow
from app.worker.work import Retry


class MarkOverdue(EachRow[Task]):
    """Tell once that a task is past its due date."""

    name: ClassVar = "mark_overdue"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    priority: ClassVar = Priority.HIGH

    def __init__(self, transaction: Transaction, tenant_id: TenantId, settings: Settings) -> None:
        super().__init__(transaction, tenant_id, settings)
        self._tasks = TaskRepository(transaction)

    async def rows(self, after: UUID | None) -> Sequence[Task]:
        """Return the next tasks behind `after` that it is for, locked."""
        return await self._tasks.batch(_mark_overdue(), after, tenant_id=self._tenant_id)

    async def do(self, task: Task, /) -> None:
        """Do it to one task.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
            AssigneeCannotSeeProjectError: The assignee cannot see the project of this task.
            ParentInOtherProjectError: A subtask belongs to the project of its parent.
        """
        values = {"overdue_told_for": task.due_at}
        updated = await self._tasks.update(
            task, values, tenant_id=self._tenant_id, rules=rules.on_update()
        )
        await self._audit.record("task.mark_overdue", "task", task.id, before=task, after=updated)
        await self._outbox.add(TaskOverdue.of(updated))


class ArchiveDone(EachRow[Task]):
    """Put away tasks that have been done for 30 days."""

    name: ClassVar = "archive_done"
    timeout: ClassVar = timedelta(minutes=5)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))

    def __init__(self, transaction: Transaction, tenant_id: TenantId, settings: Settings) -> None:
        super().__init__(transaction, tenant_id, settings)
        self._tasks = TaskRepository(transaction)

    async def rows(self, after: UUID | None) -> Sequence[Task]:
        """Return the next tasks behind `after` that it is for, locked."""
        return await self._tasks.batch(_archive_done(), after, tenant_id=self._tenant_id)

    async def do(self, task: Task, /) -> None:
        """Do it to one task.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
            AssigneeCannotSeeProjectError: The assignee cannot see the project of this task.
            ParentInOtherProjectError: A subtask belongs to the project of its parent.
        """
        values = {"archived_at": self._now}
        updated = await self._tasks.update(
            task, values, tenant_id=self._tenant_id, rules=rules.on_update()
        )
        await self._audit.record("task.archive_done", "task", task.id, before=task, after=updated)


class NoteBounce(OnEvent[MailBounced], EachRow[Task]):
    """Note on an open task that a mail about it came back."""

    name: ClassVar = "note_bounce"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    on: ClassVar = (MailBounced,)

    def __init__(self, transaction: Transaction, tenant_id: TenantId, settings: Settings) -> None:
        super().__init__(transaction, tenant_id, settings)
        self._tasks = TaskRepository(transaction)

    async def rows(self, after: UUID | None) -> Sequence[Task]:
        """Return the next tasks behind `after` that it is for, locked."""
        return await self._tasks.batch(
            self._is_meant(), after, tenant_id=self._tenant_id, is_fixed=False
        )

    async def do(self, task: Task, /) -> None:
        """Do it to one task.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
            AssigneeCannotSeeProjectError: The assignee cannot see the project of this task.
            ParentInOtherProjectError: A subtask belongs to the project of its parent.
        """
        values = {"mail_bounced_at": self._now}
        updated = await self._tasks.update(
            task, values, tenant_id=self._tenant_id, rules=rules.on_update()
        )
        await self._audit.record("task.note_bounce", "task", task.id, before=task, after=updated)

    def _is_meant(self) -> ColumnElement[bool]:
        """Hold for the tasks that it is for."""
        project = projects.alias()
        return and_(
            tasks.c.id == self._event.about_id,
            tasks.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),
            ~value_of(project, project.c.archived, refers(tasks, "project_id", to=project)),
        )


@cache
def _mark_overdue() -> ColumnElement[bool]:
    """Hold for the tasks that `MarkOverdue` is for."""
    project = projects.alias()
    return and_(
        task_values.is_overdue(),
        ~value_of(project, project.c.archived, refers(tasks, "project_id", to=project)),
        or_(
            tasks.c.overdue_told_for.is_(None),
            tasks.c.overdue_told_for.is_distinct_from(tasks.c.due_at),
        ),
    )


@cache
def _archive_done() -> ColumnElement[bool]:
    """Hold for the tasks that `ArchiveDone` is for."""
    project = projects.alias()
    return and_(
        tasks.c.status == TaskStatus.DONE,
        tasks.c.archived_at.is_(None),
        tasks.c.completed_at.is_not(None),
        tasks.c.completed_at < NOW - timedelta(days=30),
        ~value_of(project, project.c.archived, refers(tasks, "project_id", to=project)),
    )
