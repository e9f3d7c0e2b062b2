"""Connections to PostgreSQL, by asyncpg."""

import json
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql import asyncpg as dialects

from app.about import SERVICE
from app.db.connections import Scope
from app.db.security import APP_ROLE, TENANT_SETTING

DIALECT: Final = dialects.dialect()  # type: ignore[no-untyped-call]  # it has no types
_STATEMENTS_KEPT: Final = 500
# The server ends a statement by itself; a server that is away cannot.
_GRACE_SECONDS: Final = 5.0


class PostgresConnection:
    """A connection on which one script begins a transaction and says whose it is."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver
        # The driver knows of a transaction when the server has answered. A task that was
        # cancelled did not wait for that.
        self._begun = False

    @property
    def is_usable(self) -> bool:
        """Return whether it is open, and no transaction is."""
        return not self._driver.is_closed() and not self._begun

    async def begin(self, scope: Scope) -> None:
        """Begin a transaction within `scope`, in one round trip."""
        self._begun = True
        await self._run(_beginning(scope))

    async def commit(self) -> None:
        """Commit the transaction, if it was not rolled back."""
        if self._begun:
            await self._run("COMMIT")
            self._begun = False

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        if self._begun and not self._driver.is_closed():
            await self._run("ROLLBACK")
            self._begun = False

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run one statement and return its rows."""
        try:
            rows: list[Sequence[Any]] = await self._driver.fetch(sql, *values)
        except asyncpg.InterfaceError as error:
            self._require_open(error)
            raise
        return rows

    async def fetch_one(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Run a statement that finds one row at the most."""
        try:
            row: Sequence[Any] | None = await self._driver.fetchrow(sql, *values)
        except asyncpg.InterfaceError as error:
            self._require_open(error)
            raise
        return row

    async def execute(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement and return how many rows it touched."""
        status = await self._run(sql, *values)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def close(self) -> None:
        """Close the connection, whatever it does."""
        await self._driver.close()

    async def _run(self, sql: str, *values: Any) -> str:
        try:
            status: str = await self._driver.execute(sql, *values)
        except asyncpg.InterfaceError as error:
            self._require_open(error)
            raise
        return status

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
    driver = await asyncpg.connect(
        **options,
        timeout=connect_timeout,
        command_timeout=statement_timeout + _GRACE_SECONDS,
        statement_cache_size=_STATEMENTS_KEPT,
        # Settings of the start-up packet are what RESET ALL returns to, so that no
        # statement can leave a connection behind under another role.
        server_settings={
            "application_name": SERVICE,
            "role": APP_ROLE,
            "timezone": "UTC",
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


def _beginning(scope: Scope) -> str:
    script = ["BEGIN READ ONLY" if scope.read_only else "BEGIN"]
    if scope.role is not None:
        script.append(f"SET LOCAL ROLE {scope.role}")
    if scope.tenant_id is not None:
        # The text of a UUID needs no quoting, and nothing else gets here.
        tenant = scope.tenant_id.hex
        script.append(f"SELECT set_config('{TENANT_SETTING}', '{tenant}', true)")
    return "; ".join(script)
