"""List labels (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.labels import visible
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.label import Label
from app.repositories.labels import LabelRepository
from app.schemas.labels import LabelListParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLabels(Message[Page[Label]]):
    """List labels."""

    permission: ClassVar = Permission.PROJECT_READ
    listing: Payload[ListRequest[LabelListParameters]]


class ListLabelsHandler:
    """Answers `ListLabels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListLabels, *, actor: Actor) -> Page[Label]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await LabelRepository(transaction).page(
                listing.page, visible(), tenant_id=actor.tenant_id
            )
