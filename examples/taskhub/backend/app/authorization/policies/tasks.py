"""Who may see a task and act on it; permissions have been asked before."""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause

from app.authorization.actor import Actor
from app.authorization.permissions import Role
from app.authorization.policies import projects as project_policy
from app.authorization.principal import CALLER, Principal
from app.db.subqueries import any_of, refers
from app.models.project import projects
from app.models.task import Task, tasks


@lru_cache(maxsize=64)
def visible(principal: Principal = CALLER, task: FromClause = tasks) -> ColumnElement[bool]:
    """Hold where `principal` may know that the task exists."""
    project = projects.alias()
    return any_of(
        project, refers(task, "project_id", to=project), project_policy.visible(principal, project)
    )


def may_update(actor: Actor, task: Task) -> bool:
    """Return whether `actor` may update `task`, which they see."""
    return (
        actor.role in (Role.OWNER, Role.ADMIN)
        or task.created_by_id == actor.user_id
        or task.assignee_id == actor.user_id
    )


def may_delete(actor: Actor, task: Task) -> bool:
    """Return whether `actor` may delete `task`, which they see."""
    return actor.role in (Role.OWNER, Role.ADMIN) or task.created_by_id == actor.user_id


def may_submit(actor: Actor, task: Task) -> bool:
    """Return whether `actor` may submit `task`, which they see."""
    return task.assignee_id == actor.user_id


def may_complete(actor: Actor, task: Task) -> bool:
    """Return whether `actor` may complete `task`, which they see."""
    return actor.role in (Role.OWNER, Role.ADMIN) or task.assignee_id == actor.user_id
