"""Business rules of tasks.

A rule that no client's values are in is made once: making it costs more than asking it.
"""

from functools import cache

from sqlalchemy import or_

from app.authorization.policies import projects as project_policy
from app.authorization.principal import CALLER, Principal
from app.computed import tasks as task_values
from app.db.rules import Rule
from app.db.subqueries import any_of, refers, value_of
from app.errors import (
    AssigneeCannotSeeProjectError,
    OpenSubtasksError,
    ParentInOtherProjectError,
    ProjectArchivedError,
    SelfReviewError,
    TaskUnassignedError,
)
from app.models.project import projects
from app.models.task import tasks
from app.models.user import users


def on_create() -> tuple[Rule, ...]:
    """Return what must hold for a task after it was created."""
    return (_project_archived(), _assignee_cannot_see_project(), _parent_in_other_project())


def on_update() -> tuple[Rule, ...]:
    """Return what must hold for a task after it was changed."""
    return (_project_archived(), _assignee_cannot_see_project(), _parent_in_other_project())


def on_delete() -> tuple[Rule, ...]:
    """Return what must hold for a task before it is deleted."""
    return (_project_archived(),)


def on_start() -> tuple[Rule, ...]:
    """Return what must hold for a task before `start`."""
    return (_project_archived(), _task_unassigned())


def on_submit() -> tuple[Rule, ...]:
    """Return what must hold for a task before `submit`."""
    return (_project_archived(),)


def on_complete() -> tuple[Rule, ...]:
    """Return what must hold for a task before `complete`."""
    return (_project_archived(), _open_subtasks(), _self_review())


def on_cancel() -> tuple[Rule, ...]:
    """Return what must hold for a task before `cancel`."""
    return (_project_archived(),)


def on_reopen() -> tuple[Rule, ...]:
    """Return what must hold for a task before `reopen`."""
    return (_project_archived(),)


@cache
def _project_archived() -> Rule:
    """`!project.archived`."""
    project = projects.alias()
    return Rule(
        ~value_of(project, project.c.archived, refers(tasks, "project_id", to=project)),
        ProjectArchivedError,
    )


@cache
def _assignee_cannot_see_project() -> Rule:
    """`assignee == null || may('read', project, assignee)`."""
    assignee = users.alias()
    project = projects.alias()
    return Rule(
        or_(
            tasks.c.assignee_id.is_(None),
            any_of(
                assignee,
                refers(tasks, "assignee_id", to=assignee),
                any_of(
                    project,
                    refers(tasks, "project_id", to=project),
                    project_policy.visible(Principal.row(assignee), project),
                ),
            ),
        ),
        AssigneeCannotSeeProjectError,
    )


@cache
def _parent_in_other_project() -> Rule:
    """`parent == null || parent.project == project`."""
    parent = tasks.alias()
    return Rule(
        or_(
            tasks.c.parent_id.is_(None),
            value_of(parent, parent.c.project_id, refers(tasks, "parent_id", to=parent))
            == tasks.c.project_id,
        ),
        ParentInOtherProjectError,
    )


@cache
def _task_unassigned() -> Rule:
    """`assignee != null`."""
    return Rule(tasks.c.assignee_id.is_not(None), TaskUnassignedError)


@cache
def _open_subtasks() -> Rule:
    """`open_subtasks == 0`."""
    return Rule(task_values.open_subtasks() == 0, OpenSubtasksError)


@cache
def _self_review() -> Rule:
    """`!project.reviewed_by_others || assignee != principal.id`."""
    project = projects.alias()
    return Rule(
        or_(
            ~value_of(
                project, project.c.reviewed_by_others, refers(tasks, "project_id", to=project)
            ),
            tasks.c.assignee_id.is_distinct_from(CALLER.user_id),
        ),
        SelfReviewError,
    )
