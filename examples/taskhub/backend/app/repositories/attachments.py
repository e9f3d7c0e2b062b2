"""Data access for attachments."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.db.filters import equal
from app.models.attachment import Attachment, attachments
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest


class AttachmentRepository(EntityRepository[Attachment]):
    """Attachments of one tenant at a time."""

    table = attachments
    model = Attachment

    async def of_task(
        self,
        task_id: UUID,
        request: PageRequest,
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool],
    ) -> Page[Attachment]:
        """Return a page of the visible attachments of a task."""
        sent = {"task_id": task_id}
        return await self.filtered(request, _filters(), sent, visible, tenant_id=tenant_id)


@cache
def _filters() -> Mapping[str, ColumnElement[bool]]:
    return {
        "task_id": equal(attachments.c.task_id, "task_id"),
    }
