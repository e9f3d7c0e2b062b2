"""Values that are computed, filled in, stored or shown wrongly."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_COMPUTED: Final = "app/computed/tasks.py"
_SERVICE: Final = "app/services/tasks.py"
_KINDS: Final = "computed answers stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "values",
        "references are joined otherwise",
        (_COMPUTED, '        + "-"\n', '        + "_"\n'),
        kinds=_KINDS,
        about=("Task.reference", "Task"),
        requirement="REQ-011",
        first=True,
    ),
    fault(
        "values",
        "what is due later is overdue",
        (_COMPUTED, "task.c.due_at < NOW,", "task.c.due_at > NOW,"),
        kinds=f"lists {_KINDS}",
        about=("Task.is_overdue", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "what is done is overdue",
        (
            _COMPUTED,
            "        task.c.due_at < NOW,\n"
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        task.c.due_at < NOW,\n",
        ),
        kinds=f"lists {_KINDS}",
        about=("Task.is_overdue", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "finished tasks count as open",
        (
            "app/computed/projects.py",
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "",
        ),
        kinds=f"rules {_KINDS}",
        about=("Project.open_tasks", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "cancelled subtasks count as open",
        (
            _COMPUTED,
            "        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        subtask.c.status.not_in([TaskStatus.DONE]),\n",
        ),
        kinds=f"rules transitions {_KINDS}",
        about=("Task.open_subtasks", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "numbers of tasks have gaps",
        (
            "app/db/counters.py",
            '"last_number": counters.c.last_number + 1',
            '"last_number": counters.c.last_number + 2',
        ),
        kinds=f"races {_KINDS}",
        about=("Task.number", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "tasks are numbered over all projects",
        (
            "app/repositories/tasks.py",
            "    @classmethod\n    def _computed(",
            "    async def _fill_numbers(self, columns: Any, tenant_id: TenantId) -> None:\n"
            "        from sqlalchemy import func, select\n\n"
            "        count = select(func.count()).where(tasks.c.tenant_id == tenant_id)\n"
            '        columns["number"] = 1 + int(await self._transaction.scalar(count))\n\n'
            "    @classmethod\n    def _computed(",
        ),
        kinds=f"races {_KINDS}",
        about=("Task.number", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "projects are private by default",
        (
            "app/schemas/projects.py",
            "    visibility: ProjectVisibility = ProjectVisibility.TENANT\n",
            "    visibility: ProjectVisibility = ProjectVisibility.PRIVATE\n",
        ),
        kinds=f"validation {_KINDS}",
        about=("Project.visibility", "CreateProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "tasks are urgent by default",
        (
            "app/schemas/tasks.py",
            "    priority: TaskPriority = TaskPriority.MEDIUM\n",
            "    priority: TaskPriority = TaskPriority.URGENT\n",
        ),
        kinds=f"validation {_KINDS}",
        about=("Task.priority", "CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "the assignee is taken for who made the task",
        (
            _SERVICE,
            '{**values, "created_by_id": self._actor.user_id}',
            '{**values, "created_by_id": values["assignee_id"] or self._actor.user_id}',
        ),
        kinds=f"role-matrix {_KINDS}",
        about=("Task.created_by", "CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "lists show whole tasks",
        (
            "app/api/routes/tasks.py",
            "    tasks = await dispatch(ListTasks(listing=listing), actor=actor)\n"
            "    return page(request, tasks, TaskSummary.each)",
            "    tasks = await dispatch(ListTasks(listing=listing), actor=actor)\n"
            "    return page(request, tasks, TaskDetail.each)",
        ),
        kinds=f"lists {_KINDS}",
        about=("ListTasks", "TaskSummary"),
        requirement="REQ-015",
    ),
    fault(
        "values",
        "the estimate of a task is not shown",
        ("app/schemas/tasks.py", "    estimate: int | None\n", ""),
        kinds=f"validation {_KINDS}",
        about=("Task",),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "an update answers with what was",
        (
            _SERVICE,
            "            await self._outbox.add(TaskAssigned.of(updated, before=task))\n"
            "        return updated\n",
            "            await self._outbox.add(TaskAssigned.of(updated, before=task))\n"
            "        return task\n",
        ),
        kinds=f"preconditions validation {_KINDS}",
        about=("UpdateTask", "Task"),
        requirement="A-03: the new values",
    ),
    fault(
        "values",
        "an update is not stored",
        (
            "app/services/labels.py",
            "updated = await self._labels.update(label, sent(changes), tenant_id=self._tenant_id)",
            "updated = await self._labels.update(label, {}, tenant_id=self._tenant_id)",
        ),
        kinds=f"validation unique {_KINDS}",
        about=("UpdateLabel", "Label"),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "a deletion does not delete",
        (
            "app/services/labels.py",
            "        await self.remove([label])\n",
            "        del label\n",
        ),
        kinds=f"references {_KINDS}",
        about=("DeleteLabel", "Label"),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "archiving archives nothing",
        ("app/services/projects.py", '{"archived": True}', '{"archived": False}'),
        kinds=f"rules {_KINDS}",
        about=("ArchiveProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "moments lose their offset",
        (
            "app/schemas/fields.py",
            "        return value.astimezone(UTC)\n",
            "        return value.replace(tzinfo=UTC)\n",
        ),
        kinds=f"validation lists {_KINDS}",
        about=("Task.due_at", "Task"),
        requirement="A.10: instants",
    ),
)
