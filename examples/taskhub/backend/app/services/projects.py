"""Business rules of projects."""

from collections.abc import Sequence
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.policies import projects as policy
from app.core.errors import NotFoundError
from app.core.settings import Settings
from app.db.transactions import Transaction
from app.events.projects import ProjectArchived, ProjectCreated
from app.models.project import Project
from app.repositories.projects import ProjectRepository
from app.repositories.tasks import TaskRepository
from app.repositories.users import UserRepository
from app.rules import projects as rules
from app.schemas.base import sent
from app.schemas.projects import ProjectCreate, ProjectUpdate
from app.services.base import Service
from app.services.tasks import TaskService


class ProjectService(Service):
    """What may happen to projects."""

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        super().__init__(transaction, actor, settings)
        self._projects = ProjectRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._users = UserRepository(transaction)
        self._task_service = TaskService(transaction, actor, settings)

    async def get_for_update(self, project_id: UUID) -> Project:
        """Return the project, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor sees no such project.
        """
        visible = policy.visible()
        return await self._projects.get_for_update(
            project_id, tenant_id=self._tenant_id, visible=visible
        )

    async def create(self, body: ProjectCreate) -> Project:
        """Store a new project.

        Raises:
            UniqueConflictError: If another project has its name or key.
        """
        project = await self._projects.insert(
            {**dict(body), "created_by_id": self._actor.user_id}, tenant_id=self._tenant_id
        )
        await self._audit.record("project.create", "project", project.id, after=project)
        await self._outbox.add(ProjectCreated.of(project))
        return project

    async def update(self, project: Project, changes: ProjectUpdate) -> Project:
        """Change the members that `changes` holds.

        Raises:
            UniqueConflictError: If another project has its name.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        updated = await self._projects.update(
            project, sent(changes), tenant_id=self._tenant_id, rules=rules.on_update()
        )
        await self._audit.record(
            "project.update", "project", project.id, before=project, after=updated
        )
        return updated

    async def delete(self, project: Project) -> None:
        """Delete the project, and what belongs to it.

        Raises:
            ProjectNotEmptyError: The project still has open tasks.
        """
        await self._projects.check(project.id, rules.on_delete(), tenant_id=self._tenant_id)
        await self.remove([project])

    async def remove(self, projects: Sequence[Project]) -> None:
        """Delete `projects`, and what belongs to them, without asking their rules."""
        for project in projects:
            await self._task_service.remove(
                await self._tasks.referring("project_id", project.id, tenant_id=self._tenant_id)
            )
        await self._projects.delete_all(
            [project.id for project in projects], tenant_id=self._tenant_id
        )
        for project in projects:
            await self._audit.record("project.delete", "project", project.id, before=project)

    async def link_member(self, project: Project, user_id: UUID) -> Project:
        """Add the user to the members of the project.

        Raises:
            NotFoundError: If the actor sees no such user.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        if not await self._users.exists(user_id, tenant_id=self._tenant_id):
            raise NotFoundError((self._users.table.name, user_id))
        await self._projects.check(project.id, rules.on_link(), tenant_id=self._tenant_id)
        if not await self._projects.link(
            "member_ids", project.id, user_id, tenant_id=self._tenant_id
        ):
            return project
        return await self._relinked(project, "link_member")

    async def unlink_member(self, project: Project, user_id: UUID) -> Project:
        """Take the user from the members of the project.

        Raises:
            NotFoundError: If the user is not among them.
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        if user_id not in project.member_ids:
            raise NotFoundError
        await self._projects.check(project.id, rules.on_link(), tenant_id=self._tenant_id)
        await self._projects.unlink("member_ids", project.id, user_id, tenant_id=self._tenant_id)
        return await self._relinked(project, "unlink_member")

    async def archive_project(self, project: Project) -> Project:
        """Archive project.

        Raises:
            ProjectArchivedError: The project is archived and accepts no changes.
        """
        updated = await self._projects.update(
            project,
            {"archived": True},
            tenant_id=self._tenant_id,
            required=rules.on_archive_project(),
        )
        await self._audit.record(
            "project.archive_project", "project", project.id, before=project, after=updated
        )
        await self._outbox.add(ProjectArchived.of(updated))
        return updated

    async def unarchive_project(self, project: Project) -> Project:
        """Unarchive project.

        Raises:
            ProjectNotArchivedError: The project is not archived.
        """
        updated = await self._projects.update(
            project,
            {"archived": False},
            tenant_id=self._tenant_id,
            required=rules.on_unarchive_project(),
        )
        await self._audit.record(
            "project.unarchive_project", "project", project.id, before=project, after=updated
        )
        return updated

    async def _relinked(self, project: Project, action: str) -> Project:
        updated = await self._projects.update(project, {}, tenant_id=self._tenant_id)
        await self._audit.record(
            f"project.{action}", "project", project.id, before=project, after=updated
        )
        return updated
