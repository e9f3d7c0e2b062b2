"""Attachments for tests."""

from typing import Any
from uuid import UUID

from app.models.attachment import Attachment
from app.repositories.attachments import AttachmentRepository
from tests.factories.tasks import make_task
from tests.file_cases import kept_file
from tests.world import Person


async def make_attachment(by: Person, /, **values: Any) -> Attachment:
    """Store an attachment that `by` made; `values` are its columns and links."""
    row: dict[str, Any] = {
        **await kept_file("attachments", by.tenant_id, "image/png"),
        "name": "0",
        "created_by_id": by.id,
        **values,
    }
    if "task_id" not in row:
        row["task_id"] = (await make_task(by)).id
    async with by.database.begin(by.tenant_id) as transaction:
        return await AttachmentRepository(transaction).insert(row, tenant_id=by.tenant_id)


async def find_attachment(by: Person, attachment_id: UUID, /) -> Attachment | None:
    """Return the attachment as the tenant of `by` stores it, if it does."""
    async with by.database.read(by.tenant_id) as transaction:
        return await AttachmentRepository(transaction).find(attachment_id, tenant_id=by.tenant_id)


async def least_attachment(by: Person, /) -> dict[str, Any]:
    """Return the least that `by` sends to create an attachment."""
    return {"name": "0"}


async def full_attachment(by: Person, /) -> dict[str, Any]:
    """Return all that `by` may send for an attachment; no value is a default."""
    return {"name": "1"}
