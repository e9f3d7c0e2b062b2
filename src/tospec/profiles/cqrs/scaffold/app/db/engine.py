"""The database: what opens transactions, on connections of a pool."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from loguru import logger
from sqlalchemy import Dialect, MetaData, Table, make_url, select, text

from app.core.clock import Clock, SystemClock
from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId
from app.db.accounts_security import LOOKUP_COLUMNS
from app.db.connections import Connect, Connection, Scope
from app.db.faults import Faults
from app.db.metadata import metadata
from app.db.pool import Pool, PoolUse
from app.db.security import ACCOUNTS_ROLE, PROBE_ROLE
from app.db.statements import Statements
from app.db.transactions import Caller, Transaction

type Tell = Callable[[TenantId | None], None]

_REVISION: Final = text("SELECT version_num FROM alembic_version")
_HAS_REVISION: Final = {
    "postgresql": text("SELECT to_regclass('alembic_version') IS NOT NULL"),
    "sqlite": text("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'alembic_version')"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseOptions:
    """How to connect. Times are in seconds."""

    url: str
    pool_size: int = 10
    max_overflow: int = 5
    pool_timeout: float = 5.0
    connect_timeout: float = 5.0
    statement_timeout: float = 10.0
    lock_timeout: float = 5.0


class Database:
    """Opens transactions. One per process; holds the pool.

    Args:
        options: How to connect.
        clock: Tells the time; the machine's clock by default.
        tables: What constraints are looked up in.
        transactions: What runs the statements.
    """

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        clock: Clock | None = None,
        tables: MetaData = metadata,
        transactions: type[Transaction] = Transaction,
    ) -> None:
        self._clock = clock or SystemClock()
        self._faults = Faults(tables)
        self._transactions = transactions
        dialect, connect = _driver(options)
        self._statements = Statements.of(dialect)
        self._pool = Pool(
            connect,
            size=options.pool_size,
            overflow=options.max_overflow,
            patience=options.pool_timeout,
        )
        self._told: list[tuple[frozenset[Table], Tell]] = []

    @property
    def dialect(self) -> str:
        """Return `postgresql` or `sqlite`."""
        return self._statements.dialect.name

    def pool_use(self) -> PoolUse:
        """Return how busy the pool is."""
        return self._pool.use()

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    def when_changed(self, tables: Iterable[Table], tell: Tell) -> None:
        """Let `tell` hear of each change that is made to rows of `tables` through this object.

        It is told the tenant, or None for a change that no tenant made, once the transaction has
        ended, whatever came of it: a commit may succeed although nobody hears of that.
        """
        self._told.append((frozenset(tables), tell))

    def begin(
        self, tenant_id: TenantId, *, caller: Caller | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may write for `tenant_id`; commit unless it raises.

        Args:
            tenant_id: Whose rows.
            caller: Whom statements that ask for a caller mean.
        """
        return self.opened(Scope(tenant_id=tenant_id), caller)

    def read(
        self, tenant_id: TenantId, *, caller: Caller | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that only reads for `tenant_id`; `caller` as in `begin`.

        Each statement in it sees what is committed when the statement begins.
        """
        return self.opened(Scope(tenant_id=tenant_id, read_only=True), caller)

    def begin_global(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction on the tables that no tenant owns."""
        return self.opened(Scope())

    def begin_accounts(
        self, *, read_only: bool = False
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that finds accounts before their tenant is known.

        It may touch global tables and those in which accounts are looked up; on PostgreSQL it
        runs as the role that policies of those tables name.
        """
        tables = frozenset(LOOKUP_COLUMNS)
        return self.opened(Scope(role=ACCOUNTS_ROLE, read_only=read_only, tables=tables))

    async def exists_elsewhere(self, table: Table, object_id: UUID, tenant_id: TenantId) -> bool:
        """Return whether another tenant has the row; for the security log only."""
        found = select(table.c.id).where(table.c.id == object_id, table.c.tenant_id != tenant_id)
        async with self.opened(Scope(role=PROBE_ROLE, read_only=True)) as transaction:
            # The check for a tenant must not see a probe, which looks at all of them.
            transaction.tenant_id = tenant_id
            return await transaction.scalar(found) is not None

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            ServiceUnavailableError: If there is none.
        """
        async with self.begin_global() as transaction:
            await transaction.scalar(select(1))

    async def migration_revision(self) -> str | None:
        """Return the revision the schema is at, or None if it was never migrated."""
        async with self.begin_global() as transaction:
            if not await transaction.scalar(_HAS_REVISION[self.dialect]):
                return None
            revision = await transaction.scalar(_REVISION)
            return str(revision) if revision else None

    def opened(
        self, scope: Scope, caller: Caller | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction within `scope`; commit unless it raises. `caller` as in `begin`."""
        return _Opened(scope, caller, begin=self._begun, use=self._used, end=self._over)

    def _used(self, connection: Connection, scope: Scope, caller: Caller | None) -> Transaction:
        return self._transactions(
            connection,
            self._statements,
            self._faults,
            scope=scope,
            now=self._clock.now(),
            caller=caller,
        )

    async def _begun(self, scope: Scope) -> Connection:
        with self._faults.translated():
            connection = await self._pool.take(scope)
        try:
            return await self._begun_on(connection, scope)
        except ServiceUnavailableError as error:
            if isinstance(error.__cause__, TimeoutError):
                raise
            # A connection that lay idle may have died unnoticed; nothing was done on it yet.
            logger.warning("reconnecting to the database")
            self._pool.forget_idle()
        with self._faults.translated():
            connection = await self._pool.take(scope)
        return await self._begun_on(connection, scope)

    async def _begun_on(self, connection: Connection, scope: Scope) -> Connection:
        try:
            with self._faults.translated():
                await connection.begin(scope)
        except BaseException:
            await self._ended(connection)
            raise
        return connection

    async def _over(self, connection: Connection, transaction: Transaction) -> None:
        transaction.end()
        try:
            await self._ended(connection)
        finally:
            for tables, tell in self._told:
                if not tables.isdisjoint(transaction.changed):
                    tell(transaction.tenant_id)

    async def _ended(self, connection: Connection) -> None:
        """Give the connection back without a transaction; one that fails at that is closed."""
        try:
            await connection.rollback()
        except Exception as error:  # noqa: BLE001  # what it was used for has already failed
            logger.bind(error=type(error).__name__).warning("a connection was lost")
        finally:
            self._pool.give_back(connection)


class _Opened:
    """A transaction that is open within an `async with`.

    Each request opens some, so it is a class: generators cost several times as much.
    """

    __slots__ = ("_begin", "_caller", "_connection", "_end", "_scope", "_transaction", "_use")

    def __init__(
        self,
        scope: Scope,
        caller: Caller | None,
        *,
        begin: Callable[[Scope], Awaitable[Connection]],
        use: Callable[[Connection, Scope, Caller | None], Transaction],
        end: Callable[[Connection, Transaction], Awaitable[None]],
    ) -> None:
        self._scope = scope
        self._caller = caller
        self._begin = begin
        self._use = use
        self._end = end

    async def __aenter__(self) -> Transaction:
        """Begin the transaction."""
        self._connection = await self._begin(self._scope)
        self._transaction = self._use(self._connection, self._scope, self._caller)
        return self._transaction

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Commit, unless there is an `error`, and undo what was not committed."""
        try:
            if error is None:
                await self._transaction.commit()
        finally:
            await self._end(self._connection, self._transaction)


def _driver(options: DatabaseOptions) -> tuple[Dialect, Connect]:
    """Return the dialect of the database, and what connects to it."""
    url = make_url(options.url)
    if url.get_backend_name() == "sqlite":
        from app.db import sqlite  # noqa: PLC0415  # one driver is enough

        file = sqlite.SqliteFile(
            url,
            lock_timeout=options.lock_timeout,
            statement_timeout=options.statement_timeout,
            threads=options.pool_size,
        )
        return sqlite.DIALECT, file.connect
    from app.db import postgresql  # noqa: PLC0415  # as above

    return postgresql.DIALECT, partial(
        postgresql.connect,
        url,
        connect_timeout=options.connect_timeout,
        statement_timeout=options.statement_timeout,
        lock_timeout=options.lock_timeout,
    )
