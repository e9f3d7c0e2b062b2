"""Comments for tests."""

from typing import Any
from uuid import UUID

from app.models.comment import Comment
from app.repositories.comments import CommentRepository
from tests.factories.tasks import make_task
from tests.world import Person


async def make_comment(by: Person, /, **values: Any) -> Comment:
    """Store a comment that `by` made; `values` are its columns and links."""
    row: dict[str, Any] = {"body": "Body", "author_id": by.id, **values}
    if "task_id" not in row:
        row["task_id"] = (await make_task(by)).id
    async with by.database.begin(by.tenant_id) as transaction:
        return await CommentRepository(transaction).insert(row, tenant_id=by.tenant_id)


async def make_deleted_comment(by: Person, /, **values: Any) -> Comment:
    """Store a comment that `by` made, and delete it."""
    comment = await make_comment(by, **values)
    async with by.database.begin(by.tenant_id) as transaction:
        await CommentRepository(transaction).delete(comment.id, tenant_id=by.tenant_id)
    return comment


async def find_comment(by: Person, comment_id: UUID, /) -> Comment | None:
    """Return the comment as the tenant of `by` stores it, if it does."""
    async with by.database.read(by.tenant_id) as transaction:
        return await CommentRepository(transaction).find(comment_id, tenant_id=by.tenant_id)


async def least_comment(by: Person, /) -> dict[str, Any]:
    """Return the least that `by` sends to create a comment."""
    return {"body": "Body"}


async def full_comment(by: Person, /) -> dict[str, Any]:
    """Return all that `by` may send for a comment; no value is a default."""
    return {"body": "Another body"}
