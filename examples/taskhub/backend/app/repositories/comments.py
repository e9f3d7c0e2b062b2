"""Data access for comments."""

from uuid import UUID

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.models.comment import Comment, comments
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest


class CommentRepository(EntityRepository[Comment]):
    """Comments of one tenant at a time."""

    table = comments
    model = Comment

    async def of_task(
        self,
        task_id: UUID,
        request: PageRequest,
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool],
    ) -> Page[Comment]:
        """Return a page of the visible comments of a task."""
        return await self.page(request, visible, comments.c.task_id == task_id, tenant_id=tenant_id)
