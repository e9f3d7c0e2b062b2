"""Who may see an attachment and act on it; permissions have been asked before."""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause

from app.authorization.actor import Actor
from app.authorization.permissions import Role
from app.authorization.policies import tasks as task_policy
from app.authorization.principal import CALLER, Principal
from app.db.subqueries import any_of, refers
from app.models.attachment import Attachment, attachments
from app.models.task import tasks


@lru_cache(maxsize=64)
def visible(
    principal: Principal = CALLER, attachment: FromClause = attachments
) -> ColumnElement[bool]:
    """Hold where `principal` may know that the attachment exists."""
    task = tasks.alias()
    return any_of(
        task, refers(attachment, "task_id", to=task), task_policy.visible(principal, task)
    )


def may_delete(actor: Actor, attachment: Attachment) -> bool:
    """Return whether `actor` may delete `attachment`, which they see."""
    return attachment.created_by_id == actor.user_id or actor.role in (Role.OWNER, Role.ADMIN)
