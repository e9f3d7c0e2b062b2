"""Business rules of tasks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.policies import labels as label_policy
from app.authorization.policies import projects as project_policy
from app.authorization.policies import tasks as policy
from app.core.lifecycle import target_of
from app.core.settings import Settings
from app.db.references import Reference, References
from app.db.rules import Rule
from app.db.transactions import Transaction
from app.events.tasks import TaskAssigned, TaskCompleted, TaskCreated, TaskStatusChanged
from app.models.task import TASK_TRANSITIONS, Task
from app.repositories.attachments import AttachmentRepository
from app.repositories.comments import CommentRepository
from app.repositories.labels import LabelRepository
from app.repositories.projects import ProjectRepository
from app.repositories.tasks import TaskRepository
from app.repositories.users import UserRepository
from app.rules import tasks as rules
from app.schemas.base import sent
from app.schemas.tasks import TaskCancel, TaskCreate, TaskUpdate
from app.services.attachments import AttachmentService
from app.services.base import Service
from app.services.comments import CommentService


class TaskService(Service):
    """What may happen to tasks."""

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        super().__init__(transaction, actor, settings)
        self._tasks = TaskRepository(transaction)
        self._attachments = AttachmentRepository(transaction)
        self._comments = CommentRepository(transaction)
        self._labels = LabelRepository(transaction)
        self._projects = ProjectRepository(transaction)
        self._users = UserRepository(transaction)
        self._attachment_service = AttachmentService(transaction, actor, settings)
        self._comment_service = CommentService(transaction, actor, settings)

    async def get_for_update(self, task_id: UUID) -> Task:
        """Return the task, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor sees no such task.
        """
        visible = policy.visible()
        return await self._tasks.get_for_update(task_id, tenant_id=self._tenant_id, visible=visible)

    async def create(self, body: TaskCreate) -> Task:
        """Store a new task.

        Raises:
            InvalidReferenceError: If it refers to something that the actor does not see.
            ProjectArchivedError: The project is archived and accepts no changes.
            AssigneeCannotSeeProjectError: The assignee cannot see the project of this task.
            ParentInOtherProjectError: A subtask belongs to the project of its parent.
            TaskNestingError: Tasks nest at most three deep, and never in a circle.
        """
        values = dict(body)
        task = await self._tasks.insert(
            {**values, "created_by_id": self._actor.user_id},
            tenant_id=self._tenant_id,
            references=self._references(values),
            rules=rules.on_create(),
        )
        await self._audit.record("task.create", "task", task.id, after=task)
        await self._outbox.add(TaskCreated.of(task))
        if task.assignee_id is not None:
            await self._outbox.add(TaskAssigned.of(task, before=None))
        return task

    async def update(self, task: Task, changes: TaskUpdate) -> Task:
        """Change the members that `changes` holds.

        Raises:
            InvalidReferenceError: If it refers to something that the actor does not see.
            ProjectArchivedError: The project is archived and accepts no changes.
            AssigneeCannotSeeProjectError: The assignee cannot see the project of this task.
            ParentInOtherProjectError: A subtask belongs to the project of its parent.
            TaskNestingError: Tasks nest at most three deep, and never in a circle.
        """
        values = sent(changes)
        await self._references(values).check(tenant_id=self._tenant_id)
        updated = await self._tasks.update(
            task, values, tenant_id=self._tenant_id, rules=rules.on_update()
        )
        await self._audit.record("task.update", "task", task.id, before=task, after=updated)
        if updated.assignee_id is not None and updated.assignee_id != task.assignee_id:
            await self._outbox.add(TaskAssigned.of(updated, before=task))
        return updated

    async def delete(self, task: Task) -> None:
        """Delete the task, and what belongs to it.

        Raises:
            ReferencedError: If something else still refers to it.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        await self._tasks.check(task.id, rules.on_delete(), tenant_id=self._tenant_id)
        await self.remove([task])

    async def remove(self, tasks: Sequence[Task]) -> None:
        """Delete `tasks`, and what belongs to them, without asking their rules.

        Raises:
            ReferencedError: If something else still refers to one of them.
        """
        for task in tasks:
            await self._comment_service.remove(
                await self._comments.referring("task_id", task.id, tenant_id=self._tenant_id)
            )
            await self._attachment_service.remove(
                await self._attachments.referring("task_id", task.id, tenant_id=self._tenant_id)
            )
        await self._tasks.delete_all([task.id for task in tasks], tenant_id=self._tenant_id)
        for task in tasks:
            await self._audit.record("task.delete", "task", task.id, before=task)

    async def start(self, task: Task) -> Task:
        """Move the task to `in_progress`.

        Raises:
            InvalidTransitionError: If its state does not allow that.
            ProjectArchivedError: The project is archived and accepts no changes.
            TaskUnassignedError: A task needs an assignee before it starts.
        """
        return await self._move(task, "start", {}, rules.on_start())

    async def submit(self, task: Task) -> Task:
        """Move the task to `in_review`.

        Raises:
            InvalidTransitionError: If its state does not allow that.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        return await self._move(task, "submit", {}, rules.on_submit())

    async def complete(self, task: Task) -> Task:
        """Move the task to `done`.

        Raises:
            InvalidTransitionError: If its state does not allow that.
            ProjectArchivedError: The project is archived and accepts no changes.
            OpenSubtasksError: The task still has open subtasks.
            SelfReviewError: The assignee may not complete a task of this project.
        """
        values = {"completed_at": self._now}
        moved = await self._move(task, "complete", values, rules.on_complete())
        await self._outbox.add(TaskCompleted.of(moved))
        return moved

    async def cancel(self, task: Task, body: TaskCancel) -> Task:
        """Move the task to `cancelled`.

        Raises:
            InvalidTransitionError: If its state does not allow that.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        values = {"cancel_reason": body.reason}
        return await self._move(task, "cancel", values, rules.on_cancel())

    async def reopen(self, task: Task) -> Task:
        """Move the task to `todo`.

        Raises:
            InvalidTransitionError: If its state does not allow that.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        values = {"completed_at": None, "cancel_reason": None, "archived_at": None}
        return await self._move(task, "reopen", values, rules.on_reopen())

    async def _move(
        self, task: Task, transition: str, values: Mapping[str, Any], required: Sequence[Rule]
    ) -> Task:
        status = target_of(TASK_TRANSITIONS, transition, task.status)
        changes = {**values, "status": status}
        moved = await self._tasks.update(
            task, changes, tenant_id=self._tenant_id, required=required
        )
        await self._audit.record(f"task.{transition}", "task", task.id, before=task, after=moved)
        await self._outbox.add(TaskStatusChanged.of(moved, before=task))
        return moved

    def _references(self, values: Mapping[str, Any]) -> References:
        return References(
            values,
            Reference("project_id", self._projects, visible=project_policy.visible()),
            Reference("assignee_id", self._users),
            Reference("parent_id", self._tasks, visible=policy.visible()),
            Reference("label_ids", self._labels, visible=label_policy.visible()),
        )
