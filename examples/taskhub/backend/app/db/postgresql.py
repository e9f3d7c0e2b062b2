"""Connections to PostgreSQL, by asyncpg."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final

import asyncpg
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql import asyncpg as dialects

from app.about import SERVICE
from app.core.ids import TenantId
from app.db.connections import Scope, UntouchedError
from app.db.joining import UNTOUCHED, joined, joined_with_required
from app.db.packets import PacketLoop, Packets, commands
from app.db.security import APP_ROLE, TENANT_SETTING
from app.db.statements import Ready
from app.db.types import json_text

DIALECT: Final = dialects.dialect(json_serializer=json_text)  # type: ignore[no-untyped-call]  # it has no types
_STATEMENTS_KEPT: Final = 500
# The server ends a statement by itself; a server that is away cannot.
_GRACE_SECONDS: Final = 5.0
# A connection that nobody has heard of for so long may have died unnoticed.
_SILENT_SECONDS: Final = 10.0
_COMMIT: Final = commands(("COMMIT",))

type _Ask = Callable[..., Awaitable[Any]]
type _Join = Callable[[tuple[str, ...]], str]


class _Unknown(Enum):
    TENANT = auto()


class Driver(asyncpg.Connection):  # type: ignore[misc]  # it has no types
    """A connection of asyncpg.

    Attributes:
        packets: Its transport.
    """

    def __init__(self, protocol: Any, packets: Packets, *rest: Any) -> None:
        super().__init__(protocol, packets, *rest)
        self.packets = packets

    async def _introspect_types(self, *asked: Any) -> Any:
        # Types are asked for between a statement and its values, as statements of their own.
        with self.packets.set_aside():
            return await super()._introspect_types(*asked)


class PostgresConnection:
    """A connection that remembers which tenant its session serves.

    What only reads needs no transaction: each statement sees what is committed when it begins,
    within a transaction or without. The session therefore serves the tenant of the last reader
    until a reader of another one comes. Whatever else is told to the server about a scope holds
    for one transaction. Either is told together with the first statement within the scope.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._packets = driver.packets
        # What is told to the server before the next statement.
        self._untold: tuple[str, ...] = ()
        # The driver knows of a transaction when the server has answered. A task that was
        # cancelled did not wait for that.
        self._begun = False
        # What the session serves, as far as that is certain; at first it serves nobody.
        self._serves: TenantId | _Unknown | None = None
        self._will_serve: TenantId | None = None
        self._certain = True
        self._heard_at = time.monotonic()

    @property
    def is_usable(self) -> bool:
        """Return whether it is open, no transaction is, and nothing runs that was given up."""
        return not self._driver.is_closed() and not self._begun and self._certain

    def suits(self, scope: Scope) -> bool:
        """Return whether nothing must be told to the server before a reader of `scope`."""
        return self._serves == scope.tenant_id

    async def begin(self, scope: Scope) -> None:
        """Begin what `scope` says with its first statement; at once after a long silence."""
        if scope.read_only and scope.role is None:
            self._serve(scope.tenant_id)
        else:
            self._begun = True
            self._untold = self._beginning(scope)
        if time.monotonic() - self._heard_at > _SILENT_SECONDS:
            await self._ask_script("SELECT 1")

    async def commit(self, last: Sequence[Ready] = (), required: Ready | None = None) -> None:
        """Run statements as `execute_all` does, and commit the transaction, if there is one.

        Raises:
            UntouchedError: If what is `required` besides touched no row.
        """
        if required is not None:
            await self._ask_required((*last, required))
        elif last:
            await self._ask_last(joined, last)
        elif self._begun and not self._is_unheard():
            await self._run(self._driver.execute, "COMMIT")
        self._begun = False

    async def rollback(self) -> None:
        """Undo the transaction, if there is one, and wait until nothing runs any more."""
        if self._is_unheard():
            self._begun = False
        self._untold = ()
        if (self._begun or not self._certain) and not self._driver.is_closed():
            await self._run(self._driver.execute, "ROLLBACK")
            self._begun = False

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run one statement and return its rows."""
        rows: Sequence[Sequence[Any]] = await self._ask(self._driver.fetch, sql, values)
        return rows

    async def fetch_one(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Run a statement that finds one row at the most."""
        row: Sequence[Any] | None = await self._ask(self._driver.fetchrow, sql, values)
        return row

    async def execute(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement and return how many rows it touched."""
        status: str = await (
            self._ask(self._driver.execute, sql, values) if values else self._ask_script(sql)
        )
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def execute_all(self, statements: Sequence[Ready]) -> None:
        """Run statements that write and do not depend on one another, in one round trip."""
        await self._ask_at_once(joined, statements)

    async def execute_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement that writes with the values of each of some rows."""
        if self._untold:
            # The driver sends many values in several packets, of which the first need not be whole.
            await self._ask_script("SELECT 1")
        await self._run(self._driver.executemany, sql, rows)

    async def close(self) -> None:
        """Close the connection, whatever it does."""
        await self._driver.close()

    def _serve(self, tenant_id: TenantId | None) -> None:
        """Let the session serve a tenant from the next statement on.

        Until that has succeeded it is not known whom it serves, and every scope says it anew.
        """
        if self._serves == tenant_id:
            return
        self._serves = _Unknown.TENANT
        self._will_serve = tenant_id
        self._untold = (f"SET {_tenant(tenant_id)}",)

    def _beginning(self, scope: Scope) -> tuple[str, ...]:
        told = ["BEGIN READ ONLY" if scope.read_only else "BEGIN READ WRITE"]
        if scope.role is not None:
            told.append(f"SET LOCAL ROLE {scope.role}")
        if self._serves != scope.tenant_id:
            told.append(f"SET LOCAL {_tenant(scope.tenant_id)}")
        return tuple(told)

    def _is_unheard(self) -> bool:
        """Return whether the server has not heard of the scope, and need not."""
        return bool(self._untold) and self._certain

    async def _ask(self, ask: _Ask, sql: str, values: Sequence[Any]) -> Any:
        if not self._untold:
            return await self._run(ask, sql, *values)
        self._packets.before = _commands(self._untold)
        try:
            answer = await self._run(ask, sql, *values)
        finally:
            self._packets.before = b""
        self._is_told()
        return answer

    async def _ask_script(self, sql: str) -> str:
        """Run a statement without values, which the driver sends as a packet of another kind."""
        status: str = await self._run(self._driver.execute, "; ".join((*self._untold, sql)))
        self._is_told()
        return status

    async def _ask_at_once(self, join: _Join, statements: Sequence[Ready]) -> None:
        sql = join(tuple(ready.sql for ready in statements))
        values = [value for ready in statements for value in ready.values]
        await self._ask(self._driver.execute, sql, values)

    async def _ask_required(self, statements: Sequence[Ready]) -> None:
        try:
            await self._ask_last(joined_with_required, statements)
        except asyncpg.UndefinedObjectError as error:
            if UNTOUCHED in str(error):
                raise UntouchedError from None
            raise

    async def _ask_last(self, join: _Join, statements: Sequence[Ready]) -> None:
        self._packets.behind = _COMMIT
        try:
            await self._ask_at_once(join, statements)
        finally:
            is_left, self._packets.behind = bool(self._packets.behind), b""
        if is_left:
            await self._run(self._driver.execute, "COMMIT")

    def _is_told(self) -> None:
        """Remember that the server has heard of the scope."""
        if self._untold and not self._begun:
            self._serves = self._will_serve
        self._untold = ()

    async def _run(self, ask: _Ask, sql: str, *values: Any) -> Any:
        self._certain = False
        try:
            answer = await ask(sql, *values)
        except asyncpg.InterfaceError as error:
            self._require_open(error)
            raise
        except asyncpg.InternalClientError as error:
            # The server has said that it ends the connection, and has not done so yet: the
            # driver can send nothing more.
            msg = "The connection is about to be closed."
            raise ConnectionResetError(msg) from error
        self._certain = True
        self._heard_at = time.monotonic()
        return answer

    def _require_open(self, error: asyncpg.InterfaceError) -> None:
        """Tell a connection that was found closed from a wrong use of it."""
        if self._driver.is_closed():
            msg = "The connection is closed."
            raise ConnectionResetError(msg) from error


async def connect(
    url: URL, *, connect_timeout: float, statement_timeout: float, lock_timeout: float
) -> PostgresConnection:
    """Return a new connection. Times are in seconds."""
    _, options = DIALECT.create_connect_args(url)  # type: ignore[no-untyped-call]  # as above
    driver: Driver = await asyncpg.connect(
        **options,
        loop=PacketLoop(asyncio.get_running_loop()),
        connection_class=Driver,
        timeout=connect_timeout,
        command_timeout=statement_timeout + _GRACE_SECONDS,
        statement_cache_size=_STATEMENTS_KEPT,
        # Settings of the start-up packet are what RESET ALL returns to, so that no
        # statement can leave a connection behind under another role.
        server_settings={
            "application_name": SERVICE,
            "role": APP_ROLE,
            "timezone": "UTC",
            # What reads has no transaction that would say so.
            "default_transaction_read_only": "on",
            "statement_timeout": str(int(statement_timeout * 1000)),
            "lock_timeout": str(int(lock_timeout * 1000)),
            "idle_in_transaction_session_timeout": "60000",
        },
    )
    try:
        # SQLAlchemy's types write documents as texts, and leave reading them to the driver.
        for kind in ("json", "jsonb"):
            await driver.set_type_codec(kind, schema="pg_catalog", encoder=str, decoder=json.loads)
    except BaseException:
        driver.terminate()
        raise
    return PostgresConnection(driver)


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _commands(texts: tuple[str, ...]) -> bytes:
    return commands(texts)


def _tenant(tenant_id: TenantId | None) -> str:
    # The text of a UUID needs no quoting, and nothing else gets here.
    return f"{TENANT_SETTING} = '{'' if tenant_id is None else tenant_id.hex}'"
