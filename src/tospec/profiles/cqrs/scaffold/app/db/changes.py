"""What becomes of kept answers when rows change."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from sqlalchemy import MetaData

from app.core.cache import Cache, Subject
from app.core.clock import Clock
from app.core.ids import TenantId
from app.db.engine import Database, DatabaseOptions
from app.db.metadata import metadata
from app.db.transactions import Caller, Transaction

_changed: Final[ContextVar[set[Subject] | None]] = ContextVar("changed", default=None)


class WatchedDatabase(Database):
    """A database that ends kept answers when a transaction has changed what they count.

    Attributes:
        cache: Where answers are kept.
    """

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        cache: Cache,
        clock: Clock | None = None,
        tables: MetaData = metadata,
        transactions: type[Transaction] = Transaction,
    ) -> None:
        super().__init__(options, clock=clock, tables=tables, transactions=transactions)
        self.cache = cache

    @asynccontextmanager
    async def begin(
        self, tenant_id: TenantId, *, caller: Caller | None = None
    ) -> AsyncIterator[Transaction]:
        """Open a transaction that may write for `tenant_id`; commit unless it raises."""
        around = _changed.get()
        changed: set[Subject] = set()
        _changed.set(changed)
        try:
            async with super().begin(tenant_id, caller=caller) as transaction:
                yield transaction
        finally:
            _changed.set(around)
            # Even when it failed: the connection may break while a commit succeeds.
            if changed:
                await self.cache.drop(changed)

    async def close(self) -> None:
        """Close every connection."""
        await super().close()
        await self.cache.close()


def end_answers(answer: str, row_ids: Iterable[UUID | None], *, tenant_id: TenantId) -> None:
    """End the kept answers about rows once the transaction at hand has ended."""
    changed = _changed.get()
    if changed is not None:
        changed |= {Subject(answer, tenant_id, row_id) for row_id in row_ids if row_id}
