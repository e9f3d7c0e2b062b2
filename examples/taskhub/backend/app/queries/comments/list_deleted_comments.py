"""List deleted comments (REQ-013)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.comments import visible
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.comment import Comment
from app.repositories.comments import RestorableCommentRepository
from app.schemas.comments import ListDeletedCommentsParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeletedComments(Message[Page[Comment]]):
    """List deleted comments."""

    permission: ClassVar = Permission.PROJECT_MANAGE
    listing: Payload[ListRequest[ListDeletedCommentsParameters]]


class ListDeletedCommentsHandler:
    """Answers `ListDeletedComments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListDeletedComments, *, actor: Actor) -> Page[Comment]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await RestorableCommentRepository(transaction).deleted(
                listing.page, visible(), tenant_id=actor.tenant_id
            )
