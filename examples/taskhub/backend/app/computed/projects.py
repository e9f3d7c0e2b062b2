"""What is computed from a project.

Each condition is made once: making it again costs more than asking it.
"""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause

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
