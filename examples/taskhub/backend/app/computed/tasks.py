"""What is computed from a task.

Each condition is made once: making it again costs more than asking it.
"""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, String, and_, cast

from app.db.parameters import NOW
from app.db.subqueries import count_of, refers, value_of
from app.models.project import projects
from app.models.task import TaskStatus, tasks


@lru_cache(maxsize=64)
def reference(task: FromClause = tasks) -> ColumnElement[str]:
    """Return `project.key + '-' + string(number)`."""
    project = projects.alias()
    return (
        value_of(project, project.c.key, refers(task, "project_id", to=project))
        + "-"
        + cast(task.c.number, String)
    )


@lru_cache(maxsize=64)
def is_overdue(task: FromClause = tasks) -> ColumnElement[bool]:
    """Return `due_at != null && due_at < now() && !(status in ['done', 'cancelled'])`."""
    return and_(
        task.c.due_at.is_not(None),
        task.c.due_at < NOW,
        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),
    )


@lru_cache(maxsize=64)
def open_subtasks(task: FromClause = tasks) -> ColumnElement[int]:
    """Return `count(subtasks, !(status in ['done', 'cancelled']))`."""
    subtask = tasks.alias()
    return count_of(
        subtask,
        refers(subtask, "parent_id", to=task),
        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),
    )


@lru_cache(maxsize=64)
def is_archived(task: FromClause = tasks) -> ColumnElement[bool]:
    """Return `archived_at != null`."""
    return task.c.archived_at.is_not(None)
