"""Data access for projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from app.computed import projects as project_values
from app.core.ids import TenantId
from app.db.filters import among, contains_words, truth
from app.models.project import Project, ProjectVisibility, project_members, projects
from app.repositories.entities import EntityRepository, ToMany
from app.repositories.filtering import members
from app.schemas.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilters:
    """What a list of projects is narrowed down to; None and () leave it as it is."""

    visibility: tuple[ProjectVisibility, ...] = ()
    archived: bool | None = None
    q: str | None = None


class ProjectRepository(EntityRepository[Project]):
    """Projects of one tenant at a time."""

    table = projects
    model = Project
    links: ClassVar[tuple[ToMany, ...]] = (
        ToMany(field="member_ids", table=project_members, own="project_id", other="user_id"),
    )

    @classmethod
    def _computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {
            "open_tasks": project_values.open_tasks(),
        }

    async def matching(
        self,
        filters: ProjectFilters,
        request: PageRequest,
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool],
    ) -> Page[Project]:
        """Return a page of the projects that pass `filters` and are `visible`."""
        return await self.filtered(
            request, _filters(), members(filters), visible, tenant_id=tenant_id
        )


@cache
def _filters() -> Mapping[str, ColumnElement[bool]]:
    return {
        "visibility": among(projects.c.visibility, "visibility"),
        "archived": truth(projects.c.archived, "archived"),
        "q": contains_words("q", projects.c.name, projects.c.description),
    }
