"""Data access for comments."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.db.filters import equal
from app.models.comment import Comment, comments
from app.repositories.entities import EntityRepository
from app.repositories.restoring import RestorableRepository
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
        sent = {"task_id": task_id}
        return await self.filtered(request, _filters(), sent, visible, tenant_id=tenant_id)


class RestorableCommentRepository(RestorableRepository[Comment], CommentRepository):
    """Comments of one tenant at a time, deleted ones among them."""


@cache
def _filters() -> Mapping[str, ColumnElement[bool]]:
    return {
        "task_id": equal(comments.c.task_id, "task_id"),
    }
