"""Business rules of attachments.

A rule that no client's values are in is made once: making it costs more than asking it.
"""

from functools import cache

from app.db.rules import Rule
from app.db.subqueries import refers, value_of
from app.errors import ProjectArchivedError
from app.models.attachment import attachments
from app.models.project import projects
from app.models.task import tasks


def on_create() -> tuple[Rule, ...]:
    """Return what must hold for an attachment after it was created."""
    return (_project_archived(),)


def on_delete() -> tuple[Rule, ...]:
    """Return what must hold for an attachment before it is deleted."""
    return (_project_archived(),)


@cache
def _project_archived() -> Rule:
    """`!task.project.archived`."""
    task = tasks.alias()
    project = projects.alias()
    return Rule(
        ~value_of(
            task,
            value_of(project, project.c.archived, refers(task, "project_id", to=project)),
            refers(attachments, "task_id", to=task),
        ),
        ProjectArchivedError,
    )
