"""Tell how the work in a project goes (REQ-017)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies import projects as project_policy
from app.core.cache import Kept
from app.core.errors import NotFoundError
from app.db.changes import WatchedDatabase
from app.repositories.projects import ProjectRepository
from app.schemas.projects import ProjectStatisticsView


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatistics(Message[ProjectStatisticsView]):
    """Tell how the work in a project goes."""

    permission: ClassVar = Permission.PROJECT_READ
    project_id: UUID


class ProjectStatisticsHandler:
    """Answers `ProjectStatistics`, for a while without measuring anew."""

    def __init__(self, database: WatchedDatabase) -> None:
        self._database = database
        self._kept = Kept(database.cache, "project-statistics", ProjectStatisticsView, seconds=60)

    async def __call__(self, query: ProjectStatistics, *, actor: Actor) -> ProjectStatisticsView:
        """Answer `query` on behalf of `actor`."""
        # What is kept is the same for everybody; whether they see the row is not.
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            projects = ProjectRepository(transaction)
            if not await projects.exists(
                query.project_id, tenant_id=actor.tenant_id, visible=project_policy.visible()
            ):
                raise NotFoundError((projects.table.name, query.project_id))
        return await self._kept.about(
            query.project_id,
            tenant_id=actor.tenant_id,
            work_out=lambda: self._measured(query, actor),
        )

    async def _measured(self, query: ProjectStatistics, actor: Actor) -> ProjectStatisticsView:
        """Measure anew, in a transaction that sees all that changed before."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await ProjectRepository(transaction).project_statistics(
                query.project_id, tenant_id=actor.tenant_id, visible=project_policy.visible()
            )
