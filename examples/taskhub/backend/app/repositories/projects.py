"""Data access for projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.computed import projects as project_values
from app.core.ids import TenantId
from app.db.filters import among, truth
from app.db.parameters import given
from app.db.statements import Fixed
from app.models.project import Project, ProjectVisibility, project_members, project_words, projects
from app.repositories.asking import STATEMENTS_KEPT
from app.repositories.filtering import members
from app.repositories.linking import ToMany
from app.repositories.searching import Searched, SearchedRepository
from app.schemas.page import Page, PageRequest
from app.schemas.projects import ProjectStatisticsView


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilters:
    """What a list of projects is narrowed down to; None and () leave it as it is."""

    visibility: tuple[ProjectVisibility, ...] = ()
    archived: bool | None = None
    q: str | None = None


class ProjectRepository(SearchedRepository[Project]):
    """Projects of one tenant at a time."""

    table = projects
    model = Project
    links: ClassVar[tuple[ToMany, ...]] = (
        ToMany(field="member_ids", table=project_members, own="project_id", other="user_id"),
    )
    unlisted: ClassVar[frozenset[str]] = frozenset({"open_tasks", "member_ids"})
    searched: ClassVar[Searched] = Searched(
        fields=("name", "description"), table=project_words, own="project_id"
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

    async def project_statistics(
        self, project_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool]
    ) -> ProjectStatisticsView:
        """Return what `ProjectStatistics` tells of a project.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        measured = self._project_statistics(visible)
        row = await self._transaction.one_or_none(measured, given(tenant_id, project_id))
        return ProjectStatisticsView(**self._present(row, project_id)._mapping)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _project_statistics(cls, visible: ColumnElement[bool]) -> Fixed:
        measures: dict[str, ColumnElement[Any]] = {
            "open": project_values.project_statistics_open(),
            "overdue": project_values.project_statistics_overdue(),
            "done_7_days": project_values.project_statistics_done_7_days(),
            "done_30_days": project_values.project_statistics_done_30_days(),
            "median_cycle_time": project_values.project_statistics_median_cycle_time(),
        }
        columns = (value.label(name) for name, value in measures.items())
        return Fixed(select(*columns).select_from(cls.table).where(cls._row(), visible))


@cache
def _filters() -> Mapping[str, ColumnElement[bool]]:
    return {
        "visibility": among(projects.c.visibility, "visibility"),
        "archived": truth(projects.c.archived, "archived"),
    }
