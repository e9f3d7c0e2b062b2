"""Change a label (REQ-010)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.core.inputs import Payload
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database
from app.models.label import Label
from app.schemas.labels import LabelUpdate
from app.services.labels import LabelService


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLabel(Message[Label]):
    """Change a label."""

    permission: ClassVar = Permission.PROJECT_MANAGE
    label_id: UUID
    changes: Payload[LabelUpdate]
    condition: Precondition


class UpdateLabelHandler:
    """Carries out `UpdateLabel` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def __call__(self, command: UpdateLabel, *, actor: Actor) -> Label:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = LabelService(transaction, actor, self._settings)
            label = await service.get_for_update(command.label_id)
            changes = command.changes.value
            command.condition.check(label)
            return await service.update(label, changes)
