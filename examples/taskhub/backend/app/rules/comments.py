"""Business rules of comments.

A rule that asks only the row is made once: making it costs more than asking it.
"""

from functools import cache

from app.db.rules import Rule
from app.db.subqueries import refers, value_of
from app.errors import EditWindowClosedError, ProjectArchivedError
from app.models.comment import comments
from app.models.project import projects
from app.models.task import tasks
from app.rules.base import RuleContext


def on_create(context: RuleContext) -> tuple[Rule, ...]:
    """Return what must hold for a comment after it was created."""
    return (_project_archived(),)


def on_update(context: RuleContext) -> tuple[Rule, ...]:
    """Return what must hold for a comment after it was changed."""
    return (_project_archived(), _edit_window_closed(context))


def on_delete(context: RuleContext) -> tuple[Rule, ...]:
    """Return what must hold for a comment before it is deleted."""
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


def _edit_window_closed(context: RuleContext) -> Rule:
    """`now() < created_at + settings.comment_edit_window`."""
    return Rule(
        comments.c.created_at > context.now - context.settings.comment_edit_window,
        EditWindowClosedError,
    )
