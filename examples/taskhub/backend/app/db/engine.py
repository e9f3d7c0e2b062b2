"""The database: connections, transactions, and the tenant they act for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from loguru import logger
from sqlalchemy import Connection, Executable, MetaData, Row, Table, inspect, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import visitors

from app.about import SERVICE
from app.core.clock import Clock, SystemClock
from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId
from app.db import sqlite, sqlite_driver
from app.db.faults import Faults
from app.db.metadata import TENANT_OWNED, metadata
from app.db.security import ACCOUNTS_ROLE, APP_ROLE, PROBE_ROLE, TENANT_SETTING

ACCOUNTS_TABLE: Final = "accounts"
_SET_TENANT: Final = text("SELECT set_config(:name, :value, true)")


class MissingTenantError(RuntimeError):
    """A statement on a tenant's table in a transaction that has no tenant: a defect."""


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


class Transaction:
    """One open transaction.

    Attributes:
        tenant_id: The tenant it acts for; None for the tables no tenant owns.
        now: The one instant at which everything in it happens.
    """

    __slots__ = ("_accounts", "_connection", "_faults", "now", "tenant_id")

    def __init__(
        self,
        connection: AsyncConnection,
        faults: Faults,
        *,
        tenant_id: TenantId | None,
        now: datetime,
        accounts: bool = False,
    ) -> None:
        self._connection = connection
        self._faults = faults
        self._accounts = accounts
        self.tenant_id = tenant_id
        self.now = now

    @property
    def dialect(self) -> str:
        """Return `postgresql` or `sqlite`."""
        return self._connection.dialect.name

    async def one_or_none(self, statement: Executable) -> Row[Any] | None:
        """Return the only row, or None if there is none."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            return (await self._connection.execute(statement)).one_or_none()

    async def one(self, statement: Executable) -> Row[Any]:
        """Return the only row."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            return (await self._connection.execute(statement)).one()

    async def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """Return every row."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            return (await self._connection.execute(statement)).all()

    async def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            return (await self._connection.execute(statement)).scalar()

    async def execute(self, statement: Executable) -> int:
        """Run `statement` and return how many rows it touched."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            return (await self._connection.execute(statement)).rowcount

    def _require_tenant(self, statement: Executable) -> None:
        if self.tenant_id is not None:
            return
        for table in _tables_of(statement):
            if self._accounts and table.info.get(ACCOUNTS_TABLE):
                continue
            if table.info.get(TENANT_OWNED, True):
                msg = f"A statement on {table.name} needs a tenant."
                raise MissingTenantError(msg)


class PoolUse(NamedTuple):
    """How many connections are in use and at hand, and how many transactions wait for one."""

    in_use: int
    idle: int
    waiting: int


class Database:
    """Opens transactions. One per process; holds the pool.

    Attributes:
        transactions: What they are.
    """

    transactions: ClassVar[type[Transaction]] = Transaction

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        clock: Clock | None = None,
        tables: MetaData = metadata,
    ) -> None:
        self._clock = clock or SystemClock()
        self._faults = Faults(tables)
        self._engine = _create_engine(options)
        self._waiting = 0

    @property
    def dialect(self) -> str:
        """Return `postgresql` or `sqlite`."""
        return self._engine.dialect.name

    @property
    def engine(self) -> AsyncEngine:
        """Return the engine, for migrations and tests."""
        return self._engine

    def pool_use(self) -> PoolUse:
        """Return how busy the pool is."""
        pool = self._engine.pool
        if not isinstance(pool, QueuePool):
            return PoolUse(0, 0, self._waiting)
        return PoolUse(pool.checkedout(), pool.checkedin(), self._waiting)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self, tenant_id: TenantId) -> AsyncIterator[Transaction]:
        """Open a transaction that may write for `tenant_id`; commit unless it raises."""
        async with self._transaction(tenant_id) as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self, tenant_id: TenantId) -> AsyncIterator[Transaction]:
        """Open a transaction that only reads for `tenant_id`."""
        async with self._transaction(tenant_id, read_only=True) as transaction:
            yield transaction

    @asynccontextmanager
    async def begin_global(self) -> AsyncIterator[Transaction]:
        """Open a transaction on the tables that no tenant owns."""
        async with self._transaction(None) as transaction:
            yield transaction

    @asynccontextmanager
    async def begin_accounts(self, *, read_only: bool = False) -> AsyncIterator[Transaction]:
        """Open a transaction that finds accounts before their tenant is known.

        It may touch global tables and those declared with `info={"accounts": True}`;
        on PostgreSQL it runs as the role that policies of those tables name.
        """
        async with self._transaction(None, role=ACCOUNTS_ROLE, read_only=read_only) as transaction:
            yield transaction

    async def exists_elsewhere(self, table: Table, object_id: UUID, tenant_id: TenantId) -> bool:
        """Return whether another tenant has the row; for the security log only."""
        found = select(table.c.id).where(table.c.id == object_id, table.c.tenant_id != tenant_id)
        async with self._transaction(None, role=PROBE_ROLE, read_only=True) as transaction:
            probe = Transaction(
                transaction._connection,  # noqa: SLF001  # the tenant check must not see a probe
                self._faults,
                tenant_id=tenant_id,
                now=transaction.now,
            )
            return await probe.scalar(found) is not None

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            ServiceUnavailableError: If there is none.
        """
        async with self.begin_global() as transaction:
            await transaction.scalar(select(1))

    async def migration_revision(self) -> str | None:
        """Return the revision the schema is at, or None if it was never migrated."""
        with self._faults.translated():
            async with self._engine.connect() as connection:
                return await connection.run_sync(read_revision)

    @asynccontextmanager
    async def _transaction(
        self, tenant_id: TenantId | None, *, role: str | None = None, read_only: bool = False
    ) -> AsyncIterator[Transaction]:
        async with AsyncExitStack() as stack:
            connection = await self._connected(stack, tenant_id, role, read_only=read_only)
            yield self.transactions(
                connection,
                self._faults,
                tenant_id=tenant_id,
                now=self._clock.now(),
                accounts=role == ACCOUNTS_ROLE,
            )
            with self._faults.translated():
                await connection.commit()

    async def _connected(
        self,
        stack: AsyncExitStack,
        tenant_id: TenantId | None,
        role: str | None,
        *,
        read_only: bool,
    ) -> AsyncConnection:
        try:
            return await self._prepared(stack, tenant_id, role, read_only=read_only)
        except ServiceUnavailableError:
            # A pooled connection may have died unnoticed; nothing was done on it yet.
            logger.warning("reconnecting to the database")
            return await self._prepared(stack, tenant_id, role, read_only=read_only)

    async def _prepared(
        self,
        stack: AsyncExitStack,
        tenant_id: TenantId | None,
        role: str | None,
        *,
        read_only: bool,
    ) -> AsyncConnection:
        with self._faults.translated():
            connection = await self._taken(stack)
            if self.dialect == "sqlite":
                return await connection.execution_options(**{sqlite.READ_ONLY: read_only})
            if read_only:
                connection = await connection.execution_options(postgresql_readonly=True)
            if role is not None:
                await connection.execute(text(f"SET LOCAL ROLE {role}"))
            if tenant_id is not None:
                values = {"name": TENANT_SETTING, "value": str(tenant_id)}
                await connection.execute(_SET_TENANT, values)
            return connection

    async def _taken(self, stack: AsyncExitStack) -> AsyncConnection:
        self._waiting += 1
        try:
            return await stack.enter_async_context(self._engine.connect())
        finally:
            self._waiting -= 1


def _tables_of(statement: Executable) -> list[Table]:
    return [node for node in visitors.iterate(statement) if isinstance(node, Table)]  # type: ignore[arg-type]  # every Executable here is a ClauseElement


def read_revision(connection: Connection) -> str | None:
    """Return the revision the schema is at, or None if it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(revision) if revision else None


def _create_engine(options: DatabaseOptions) -> AsyncEngine:
    url = make_url(options.url)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=options.pool_size,
        max_overflow=options.max_overflow,
        pool_timeout=options.pool_timeout,
        pool_use_lifo=True,
        connect_args=_connect_args(url.get_backend_name(), options),
    )
    if engine.dialect.name == "sqlite":
        sqlite.install(engine.sync_engine)
    return engine


def _connect_args(backend: str, options: DatabaseOptions) -> dict[str, Any]:
    if backend == "sqlite":
        return {"timeout": options.lock_timeout, "async_creator_fn": sqlite_driver.connect}
    return {
        "timeout": options.connect_timeout,
        # Settings of the start-up packet are what RESET ALL returns to, so that no
        # statement can leave a connection behind under another role.
        "server_settings": {
            "application_name": SERVICE,
            "role": APP_ROLE,
            "timezone": "UTC",
            "statement_timeout": str(int(options.statement_timeout * 1000)),
            "lock_timeout": str(int(options.lock_timeout * 1000)),
            "idle_in_transaction_session_timeout": "60000",
        },
    }
