"""Read a label (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies.labels import visible
from app.db.engine import Database
from app.models.label import Label
from app.repositories.labels import LabelRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetLabel(Message[Label]):
    """Read a label."""

    permission: ClassVar = Permission.PROJECT_READ
    label_id: UUID


class GetLabelHandler:
    """Answers `GetLabel`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetLabel, *, actor: Actor) -> Label:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await LabelRepository(transaction).get(
                query.label_id, tenant_id=actor.tenant_id, visible=visible()
            )
