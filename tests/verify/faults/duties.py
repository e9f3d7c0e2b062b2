"""Rules that are right for the usual row and wrong for another."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_RULES: Final = "app/rules/tasks.py"
_KINDS: Final = "transitions rules scenarios stateful"
_ALL_THREE: Final = (
    "    return (_project_archived(), _assignee_cannot_see_project(), _parent_in_other_project())\n"
)

FAULTS: Final[tuple[Fault, ...]] = (
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
            "            tasks.c.assignee_id.is_distinct_from(CALLER.user_id),\n",
            "            tasks.c.assignee_id.is_distinct_from(CALLER.user_id),\n"
            '            CALLER.role.in_(["owner", "admin"]),\n',
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
