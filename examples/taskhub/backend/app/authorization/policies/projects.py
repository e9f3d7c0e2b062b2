"""Who may see a project; permissions have been asked before."""

from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, or_

from app.authorization.permissions import Role
from app.authorization.principal import CALLER, Principal
from app.db.subqueries import any_of, refers
from app.models.project import ProjectVisibility, project_members, projects


@lru_cache(maxsize=64)
def visible(principal: Principal = CALLER, project: FromClause = projects) -> ColumnElement[bool]:
    """Hold where `principal` may know that the project exists."""
    member = project_members.alias()
    return or_(
        project.c.visibility == ProjectVisibility.TENANT,
        principal.role.in_([Role.OWNER, Role.ADMIN]),
        any_of(
            member, refers(member, "project_id", to=project), member.c.user_id == principal.user_id
        ),
    )
