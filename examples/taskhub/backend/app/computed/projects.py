"""What is computed from a project.

Each condition is made once: making it again costs more than asking it.
"""

from datetime import timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, and_

from app.computed import tasks as task_values
from app.db.expressions import microseconds
from app.db.measures import as_duration, median_of
from app.db.parameters import NOW
from app.db.subqueries import count_of, refers
from app.models.project import projects
from app.models.task import TaskStatus, tasks


@lru_cache(maxsize=64)
def open_tasks(project: FromClause = projects) -> ColumnElement[int]:
    """Return `count(tasks, !(status in ['done', 'cancelled']))`."""
    task = tasks.alias()
    return count_of(
        task,
        refers(task, "project_id", to=project),
        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),
    )


@lru_cache(maxsize=64)
def project_statistics_open(project: FromClause = projects) -> ColumnElement[int]:
    """Return `open_tasks`."""
    return open_tasks(project)


@lru_cache(maxsize=64)
def project_statistics_overdue(project: FromClause = projects) -> ColumnElement[int]:
    """Return `count(tasks, is_overdue)`."""
    task = tasks.alias()
    return count_of(task, refers(task, "project_id", to=project), task_values.is_overdue(task))


@lru_cache(maxsize=64)
def project_statistics_done_7_days(project: FromClause = projects) -> ColumnElement[int]:
    """Return `count(tasks, completed_at != null && completed_at >= now() - duration('7d'))`."""
    task = tasks.alias()
    return count_of(
        task,
        refers(task, "project_id", to=project),
        and_(task.c.completed_at.is_not(None), task.c.completed_at >= NOW - timedelta(days=7)),
    )


@lru_cache(maxsize=64)
def project_statistics_done_30_days(project: FromClause = projects) -> ColumnElement[int]:
    """Return `count(tasks, completed_at != null && completed_at >= now() - duration('30d'))`."""
    task = tasks.alias()
    return count_of(
        task,
        refers(task, "project_id", to=project),
        and_(task.c.completed_at.is_not(None), task.c.completed_at >= NOW - timedelta(days=30)),
    )


@lru_cache(maxsize=64)
def project_statistics_median_cycle_time(
    project: FromClause = projects,
) -> ColumnElement[timedelta]:
    """Return `median(tasks, completed_at - created_at, completed_at != null)`."""
    task = tasks.alias()
    return as_duration(
        median_of(
            task,
            microseconds(task.c.completed_at) - microseconds(task.c.created_at),
            refers(task, "project_id", to=project),
            task.c.completed_at.is_not(None),
        )
    )
