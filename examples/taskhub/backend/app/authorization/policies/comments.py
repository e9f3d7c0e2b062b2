"""Who may see a comment and act on it; permissions have been asked before."""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause

from app.authorization.actor import Actor
from app.authorization.permissions import Role
from app.authorization.policies import tasks as task_policy
from app.authorization.principal import CALLER, Principal
from app.db.subqueries import any_of, refers
from app.models.comment import Comment, comments
from app.models.task import tasks


@lru_cache(maxsize=64)
def visible(principal: Principal = CALLER, comment: FromClause = comments) -> ColumnElement[bool]:
    """Hold where `principal` may know that the comment exists."""
    task = tasks.alias()
    return any_of(task, refers(comment, "task_id", to=task), task_policy.visible(principal, task))


def may_update(actor: Actor, comment: Comment) -> bool:
    """Return whether `actor` may update `comment`, which they see."""
    return comment.author_id == actor.user_id


def may_delete(actor: Actor, comment: Comment) -> bool:
    """Return whether `actor` may delete `comment`, which they see."""
    return comment.author_id == actor.user_id or actor.role in (Role.OWNER, Role.ADMIN)
