"""What becomes of kept answers when rows change."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from types import TracebackType
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

    def begin(
        self, tenant_id: TenantId, *, caller: Caller | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may write for `tenant_id`; commit unless it raises."""
        return _Watched(super().begin(tenant_id, caller=caller), self.cache)

    async def close(self) -> None:
        """Close every connection."""
        await super().close()
        await self.cache.close()


class _Watched:
    """A transaction within which changes are noted; a class, since each change opens one."""

    __slots__ = ("_around", "_cache", "_noted", "_opened")

    def __init__(self, opened: AbstractAsyncContextManager[Transaction], cache: Cache) -> None:
        self._opened = opened
        self._cache = cache
        self._noted: set[Subject] = set()

    async def __aenter__(self) -> Transaction:
        """Begin the transaction."""
        transaction = await self._opened.__aenter__()
        self._around = _changed.get()
        _changed.set(self._noted)
        return transaction

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the transaction, and then the answers that count what it has changed."""
        try:
            await self._opened.__aexit__(kind, error, trace)
        finally:
            _changed.set(self._around)
            # Even when it failed: the connection may break while a commit succeeds.
            if self._noted:
                await self._cache.drop(self._noted)


def end_answers(answer: str, row_ids: Iterable[UUID | None], *, tenant_id: TenantId) -> None:
    """End the kept answers about rows once the transaction at hand has ended."""
    changed = _changed.get()
    if changed is not None:
        changed |= {Subject(answer, tenant_id, row_id) for row_id in row_ids if row_id}
