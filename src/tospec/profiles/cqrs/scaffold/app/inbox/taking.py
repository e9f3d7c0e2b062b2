"""Takes in messages, each once: its id and what it announces share one transaction."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import TenantId, new_id
from app.db.connections import Scope
from app.db.engine import Database
from app.db.security import PROBE_ROLE
from app.db.transactions import Transaction
from app.events.outbox import Outbox
from app.inbox.base import Kind, Sender
from app.models.received_message import received_messages


class Outcome(StrEnum):
    """What became of a message that its sender has signed."""

    TAKEN_IN = "taken-in"
    REPEATED = "repeated"
    """It was taken in before."""
    UNKNOWN = "unknown"
    """Nobody here asks for messages of its type."""
    UNMATCHED = "unmatched"
    """It is about no row of ours."""


_ONCE: Final = ("sender", "message_id")


async def taken_in(
    database: Database, sender: Sender, kind: Kind, message: Any, *, message_id: str
) -> Outcome:
    """Announce what a message tells, in the tenant of the row that it is about.

    Args:
        database: Where the row is.
        sender: Who has signed the message.
        kind: What it is.
        message: What it says.
        message_id: What the sender knows it by, however often it is sent.
    """
    row_id = kind.about(message)
    tenant_id = await _owner(database, kind.table, row_id) if row_id else None
    if row_id is None or tenant_id is None:
        return Outcome.UNMATCHED
    async with database.begin(tenant_id) as transaction:
        if not await _is_new(transaction, sender.name, message_id, keep=sender.keep):
            return Outcome.REPEATED
        await Outbox(transaction).add(kind.event(message, row_id, tenant_id))
    return Outcome.TAKEN_IN


async def _owner(database: Database, table: Table, row_id: UUID) -> TenantId | None:
    """Return whose row it is; None if there is none."""
    scope = Scope(role=PROBE_ROLE, read_only=True, tables=frozenset({table.name}))
    found = select(table.c.tenant_id).where(table.c.id == row_id)
    async with database.opened(scope) as transaction:
        tenant_id: TenantId | None = await transaction.scalar(found)
        return tenant_id


async def _is_new(
    transaction: Transaction, sender: str, message_id: str, *, keep: timedelta
) -> bool:
    """Remember the id of a message; return whether it was not known.

    Of two at once one waits for the other, and is new only if that came to nothing.
    """
    insert: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    added = insert(received_messages).values(
        id=new_id(),
        sender=sender,
        message_id=message_id,
        received_at=transaction.now,
        expires_at=transaction.now + keep,
    )
    return await transaction.execute(added.on_conflict_do_nothing(index_elements=_ONCE)) == 1
