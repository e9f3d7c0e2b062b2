"""Data access for projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.computed import projects as project_values
from app.core.ids import TenantId
from app.db.filters import among, contains_words, truth
from app.models.project import Project, ProjectVisibility, project_members, projects
from app.repositories.entities import EntityRepository, ToMany
from app.schemas.page import Page, PageRequest
from app.schemas.projects import ProjectStatisticsView


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

    def _computed(self) -> Mapping[str, ColumnElement[Any]]:
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
        return await self.page(
            request,
            visible,
            among(projects.c.visibility, filters.visibility),
            truth(projects.c.archived, filters.archived),
            contains_words(filters.q, projects.c.name, projects.c.description),
            tenant_id=tenant_id,
        )

    async def project_statistics(
        self, project_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool]
    ) -> ProjectStatisticsView:
        """Return what `ProjectStatistics` tells of a project.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        measures: dict[str, ColumnElement[Any]] = {
            "open": project_values.project_statistics_open(),
            "overdue": project_values.project_statistics_overdue(self._transaction.now),
            "done_7_days": project_values.project_statistics_done_7_days(self._transaction.now),
            "done_30_days": project_values.project_statistics_done_30_days(self._transaction.now),
            "median_cycle_time": project_values.project_statistics_median_cycle_time(),
        }
        columns = (value.label(name) for name, value in measures.items())
        found = (
            select(*columns)
            .select_from(self.table)
            .where(self._row(project_id, tenant_id), visible)
        )
        row = self._present(await self._transaction.one_or_none(found), project_id)
        return ProjectStatisticsView(**row._mapping)
