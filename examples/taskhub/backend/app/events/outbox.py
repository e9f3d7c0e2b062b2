"""Writes events through the caller's transaction, so that they share its fate."""

from dataclasses import fields
from functools import cache
from typing import Final

from sqlalchemy import insert

from app.core.context import correlation_id
from app.core.ids import new_id
from app.db.parameters import TENANT, given, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.events.base import Event
from app.models.outbox_message import outbox_messages

_COLUMNS: Final = ("id", "type", "payload", "correlation_id", "occurred_at")
_ADDED: Final = Fixed(
    insert(outbox_messages).values(
        tenant_id=TENANT, **{name: parameter(name, outbox_messages.c[name]) for name in _COLUMNS}
    )
)


class Outbox:
    """The events of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: Event) -> None:
        """Store `event`, if it is announced; it exists if and only if the transaction commits."""
        if not event.NAME:
            return
        payload = {name: getattr(event, name) for name in _members_of(type(event))}  # type: ignore[arg-type]  # mypy takes the instance's hash
        values = {
            "id": new_id(),
            "type": event.NAME,
            "payload": payload,
            "correlation_id": correlation_id(),
            "occurred_at": self._transaction.now,
        }
        self._transaction.later(_ADDED, given(event.tenant_id, None, values))


@cache
def _members_of(event_type: type[Event]) -> tuple[str, ...]:
    """Return what a payload holds: all but whose it is."""
    return tuple(field.name for field in fields(event_type) if field.name != "tenant_id")
