"""Business rules of comments.

A rule that no client's values are in is made once: making it costs more than asking it.
"""

from functools import cache

from app.core.settings import Settings
from app.db.parameters import NOW
from app.db.rules import Rule
from app.db.subqueries import refers, value_of
from app.errors import EditWindowClosedError, ProjectArchivedError
from app.models.comment import comments
from app.models.project import projects
from app.models.task import tasks


def on_create() -> tuple[Rule, ...]:
    """Return what must hold for a comment after it was created."""
    return (_project_archived(),)


def on_update(settings: Settings) -> tuple[Rule, ...]:
    """Return what must hold for a comment after it was changed."""
    return (_project_archived(), _edit_window_closed(settings))


def on_delete() -> tuple[Rule, ...]:
    """Return what must hold for a comment before it is deleted."""
    return (_project_archived(),)


def on_restore() -> tuple[Rule, ...]:
    """Return what must hold for a comment after it was restored."""
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
            refers(comments, "task_id", to=task),
        ),
        ProjectArchivedError,
    )


@cache
def _edit_window_closed(settings: Settings) -> Rule:
    """`now() < created_at + settings.comment_edit_window`."""
    return Rule(comments.c.created_at > NOW - settings.comment_edit_window, EditWindowClosedError)
