"""Moves and rules that are right for the usual row and wrong for another."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASK: Final = "app/models/task.py"
_SERVICE: Final = "app/services/tasks.py"
_RULES: Final = "app/rules/tasks.py"
_KINDS: Final = "transitions rules scenarios stateful"
_ALL_THREE: Final = (
    "    return (_project_archived(), _assignee_cannot_see_project(), _parent_in_other_project())\n"
)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "lifecycle",
        "tasks in review start again",
        (
            _TASK,
            "Transition(frozenset({TaskStatus.TODO}), TaskStatus.IN_PROGRESS)",
            "Transition(\n"
            "            frozenset({TaskStatus.TODO, TaskStatus.IN_REVIEW}), "
            "TaskStatus.IN_PROGRESS\n        )",
        ),
        kinds=_KINDS,
        about=("StartTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks in review cannot be cancelled",
        (
            _TASK,
            "frozenset({TaskStatus.TODO, TaskStatus.IN_PROGRESS, TaskStatus.IN_REVIEW}),",
            "frozenset({TaskStatus.TODO, TaskStatus.IN_PROGRESS}),",
        ),
        kinds=_KINDS,
        about=("CancelTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks are completed again",
        (
            _TASK,
            "Transition(frozenset({TaskStatus.IN_REVIEW}), TaskStatus.DONE)",
            "Transition(frozenset({TaskStatus.IN_REVIEW, TaskStatus.DONE}), TaskStatus.DONE)",
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "reopened tasks stay completed",
        (
            _SERVICE,
            'values = {"completed_at": None, "cancel_reason": None}',
            'values: dict[str, Any] = {"cancel_reason": None}',
        ),
        kinds=_KINDS,
        about=("ReopenTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks are completed on the day, not at the time",
        (
            _SERVICE,
            'values = {"completed_at": self._now}',
            'values = {"completed_at": self._now.replace(year=2020)}',
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "reasons lose the spaces around them",
        (
            _SERVICE,
            'values = {"cancel_reason": body.reason}',
            'values = {"cancel_reason": body.reason.strip()[:400]}',
        ),
        kinds=f"validation injection {_KINDS}",
        about=("CancelTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "the refusal does not name the state",
        (
            "app/core/lifecycle.py",
            "raise InvalidTransitionError(state, allowed(transitions, state))",
            'raise InvalidTransitionError("", allowed(transitions, state))',
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="A-34: state and allowed",
    ),
    fault(
        "lifecycle",
        "what was cancelled reopens in progress",
        (
            _SERVICE,
            "        status = target_of(TASK_TRANSITIONS, transition, task.status)\n",
            "        status = target_of(TASK_TRANSITIONS, transition, task.status)\n"
            '        if str(task.status) == "cancelled":\n'
            '            status = type(task.status)("in_progress")\n',
        ),
        kinds=_KINDS,
        about=("ReopenTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "moves do not note when",
        (
            "app/repositories/base.py",
            "        changed = statement.values(changes).returning(*self.table.c)\n",
            '        if "status" in values:\n'
            '            del changes["updated_at"]\n'
            "        changed = statement.values(changes).returning(*self.table.c)\n",
        ),
        kinds=f"answers {_KINDS}",
        about=("Task",),
        requirement="data-1: updated_at",
    ),
    fault(
        "rules",
        "changed tasks go to people who cannot see them",
        (
            _RULES,
            'after it was changed."""\n' + _ALL_THREE,
            'after it was changed."""\n'
            "    return (_project_archived(), _parent_in_other_project())\n",
        ),
        kinds=_KINDS,
        about=("UpdateTask", "Task", "Nobody is assigned"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "changed tasks have parents in other projects",
        (
            _RULES,
            'after it was changed."""\n' + _ALL_THREE,
            'after it was changed."""\n'
            "    return (_project_archived(), _assignee_cannot_see_project())\n",
        ),
        kinds=_KINDS,
        about=("UpdateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "tasks of archived projects are deleted",
        (
            _RULES,
            'before it is deleted."""\n    return (_project_archived(),)',
            'before it is deleted."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("DeleteTask", "Task"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "tasks of archived projects are reopened",
        (
            _RULES,
            'before `reopen`."""\n    return (_project_archived(),)',
            'before `reopen`."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("ReopenTask", "Task"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "comments in archived projects are deleted",
        (
            "app/rules/comments.py",
            'before it is deleted."""\n    return (_project_archived(),)',
            'before it is deleted."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("DeleteComment", "Comment"),
        requirement="REQ-013",
    ),
    fault(
        "rules",
        "archived projects are renamed",
        (
            "app/rules/projects.py",
            'after it was changed."""\n    return (_project_archived(),)',
            'after it was changed."""\n    return ()',
        ),
        kinds=_KINDS,
        about=("UpdateProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "projects with finished tasks are not empty",
        (
            "app/rules/projects.py",
            "Rule(project_values.open_tasks() == 0, ProjectNotEmptyError)",
            "Rule(project_values.open_tasks(closed=True) == 0, ProjectNotEmptyError)",
        ),
        (
            "app/computed/projects.py",
            "def open_tasks(project: FromClause = projects)",
            "def open_tasks(project: FromClause = projects, *, closed: bool = False)",
        ),
        (
            "app/computed/projects.py",
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        task.c.status.not_in([] if closed else [TaskStatus.DONE, "
            "TaskStatus.CANCELLED]),\n",
        ),
        kinds=f"references {_KINDS}",
        about=("DeleteProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "projects with tasks in review are empty",
        (
            "app/rules/projects.py",
            "Rule(project_values.open_tasks() == 0, ProjectNotEmptyError)",
            "Rule(project_values.open_tasks(review=False) == 0, ProjectNotEmptyError)",
        ),
        (
            "app/computed/projects.py",
            "def open_tasks(project: FromClause = projects)",
            "def open_tasks(project: FromClause = projects, *, review: bool = True)",
        ),
        (
            "app/computed/projects.py",
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        task.c.status.not_in(\n"
            "            [TaskStatus.DONE, TaskStatus.CANCELLED]\n"
            "            + ([] if review else [TaskStatus.IN_REVIEW])\n"
            "        ),\n",
        ),
        kinds=_KINDS,
        about=("DeleteProject", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "rules",
        "owners review their own work",
        (
            _RULES,
            "            tasks.c.assignee_id.is_distinct_from(context.principal.user_id),\n",
            "            tasks.c.assignee_id.is_distinct_from(context.principal.user_id),\n"
            '            context.principal.role.in_(["owner", "admin"]),\n',
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "rules",
        "who assigns is asked, not who is assigned",
        (
            _RULES,
            "project_policy.visible(Principal.row(assignee), project)",
            "project_policy.visible(Principal.row(assignee), project) | True",
        ),
        kinds=_KINDS,
        about=("Task", "Nobody is assigned"),
        requirement="REQ-011",
    ),
    fault(
        "rules",
        "subtasks that have begun do not count",
        (
            _RULES,
            "Rule(task_values.open_subtasks() == 0, OpenSubtasksError)",
            "Rule(task_values.open_subtasks(begun=False) == 0, OpenSubtasksError)",
        ),
        (
            "app/computed/tasks.py",
            "def open_subtasks(task: FromClause = tasks)",
            "def open_subtasks(task: FromClause = tasks, *, begun: bool = True)",
        ),
        (
            "app/computed/tasks.py",
            "        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED])\n"
            "        if begun\n"
            "        else subtask.c.status == TaskStatus.TODO,\n",
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "rules",
        "tasks nest two deep",
        (
            "app/repositories/tasks.py",
            'Nesting(column="parent_id", max_depth=3',
            'Nesting(column="parent_id", max_depth=2',
        ),
        kinds=f"references {_KINDS}",
        about=("Task",),
        requirement="REQ-011",
    ),
)
