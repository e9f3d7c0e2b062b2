"""The audit trail: every change, in the transaction that makes it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

from app.core.context import correlation_id
from app.core.ids import TenantId, UserId
from app.db.transactions import Transaction
from app.models.base import Entity, open_fields
from app.repositories.audit_entries import AuditEntryRepository

_BOOKKEEPING: Final = frozenset({"tenant_id", "version", "created_at", "updated_at"})
_MISSING: Final = object()


class Author(Protocol):
    """Whom changes are put down to."""

    @property
    def tenant_id(self) -> TenantId:
        """Return whose objects are changed."""
        ...

    @property
    def user_id(self) -> UserId | None:
        """Return who changes them; None if the service does it by itself."""
        ...


class AuditTrail:
    """Records the changes that one actor makes in one transaction."""

    def __init__(self, transaction: Transaction, actor: Author) -> None:
        self._now = transaction.now
        self._actor = actor
        self._entries = AuditEntryRepository(transaction)

    async def record(
        self,
        action: str,
        entity_type: str,
        entity_id: UUID,
        *,
        before: Entity | None = None,
        after: Entity | None = None,
    ) -> None:
        """Store that the actor did `action` to an object.

        Args:
            action: Such as `user.update`.
            entity_type: Such as `user`.
            entity_id: Which one.
            before: The object as it was; None if it is new.
            after: The object as it is; None if it is gone. With both, only the values
                that differ are stored.
        """
        old, new = _difference(_values(before), _values(after))
        entry = {
            "actor_id": self._actor.user_id,
            "action": action,
            "entity_type": entity_type,
            "entity_id": entity_id,
            "before": old,
            "after": new,
            "correlation_id": correlation_id(),
            "occurred_at": self._now,
        }
        self._entries.add(entry, tenant_id=self._actor.tenant_id)


def _values(entity: Entity | None) -> dict[str, Any] | None:
    if entity is None:
        return None
    return {name: getattr(entity, name) for name in _recorded(type(entity))}


@cache
def _recorded(kind: type[Entity]) -> tuple[str, ...]:
    return tuple(name for name in open_fields(kind) if name not in _BOOKKEEPING)


def _difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    if before is None or after is None:
        return before, after
    changed = [name for name in before if before[name] != after.get(name, _MISSING)]
    return {name: before[name] for name in changed}, {name: after.get(name) for name in changed}
