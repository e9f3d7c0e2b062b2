"""Business rules of labels."""

from collections.abc import Sequence
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.policies import labels as policy
from app.core.settings import Settings
from app.db.transactions import Transaction
from app.models.label import Label
from app.repositories.labels import LabelRepository
from app.schemas.base import sent
from app.schemas.labels import LabelCreate, LabelUpdate
from app.services.base import Service


class LabelService(Service):
    """What may happen to labels."""

    def __init__(self, transaction: Transaction, actor: Actor, settings: Settings) -> None:
        super().__init__(transaction, actor, settings)
        self._labels = LabelRepository(transaction)

    async def get_for_update(self, label_id: UUID) -> Label:
        """Return the label, locked until the transaction ends.

        Raises:
            NotFoundError: If the actor sees no such label.
        """
        visible = policy.visible()
        return await self._labels.get_for_update(
            label_id, tenant_id=self._tenant_id, visible=visible
        )

    async def create(self, body: LabelCreate) -> Label:
        """Store a new label.

        Raises:
            UniqueConflictError: If another label has its name.
        """
        label = await self._labels.insert(dict(body), tenant_id=self._tenant_id)
        await self._audit.record("label.create", "label", label.id, after=label)
        return label

    async def update(self, label: Label, changes: LabelUpdate) -> Label:
        """Change the members that `changes` holds.

        Raises:
            UniqueConflictError: If another label has its name.
        """
        updated = await self._labels.update(label, sent(changes), tenant_id=self._tenant_id)
        await self._audit.record("label.update", "label", label.id, before=label, after=updated)
        return updated

    async def delete(self, label: Label) -> None:
        """Delete the label, and what belongs to it."""
        await self.remove([label])

    async def remove(self, labels: Sequence[Label]) -> None:
        """Delete `labels`, and what belongs to them, without asking their rules."""
        await self._labels.delete_all([label.id for label in labels], tenant_id=self._tenant_id)
        for label in labels:
            await self._audit.record("label.delete", "label", label.id, before=label)
