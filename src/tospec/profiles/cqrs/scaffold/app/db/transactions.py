"""Transactions: statements run for one tenant, at one instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Executable, Row

from app.core.ids import TenantId
from app.db.connections import Connection
from app.db.faults import Faults
from app.db.metadata import TENANT_OWNED
from app.db.parameters import CALLER_ID, CALLER_ROLE, NOW
from app.db.statements import NO_PARAMETERS, Fixed, Parameters, Statements, tables_of

ACCOUNTS_TABLE: Final = "accounts"


class MissingTenantError(RuntimeError):
    """A statement on a tenant's table in a transaction that has no tenant: a defect."""


class Caller(Protocol):
    """Somebody on whose behalf a transaction is opened."""

    @property
    def user_id(self) -> UUID:
        """Return who it is."""
        ...

    @property
    def role(self) -> str:
        """Return their role in the tenant."""
        ...


class Transaction:
    """One open transaction.

    A statement takes the values of its named parameters beside it; who acts, and when, the
    transaction knows.

    Attributes:
        tenant_id: The tenant it acts for; None for the tables no tenant owns.
        now: The one instant at which everything in it happens.
    """

    __slots__ = ("_accounts", "_connection", "_faults", "_known", "_statements", "now", "tenant_id")

    def __init__(
        self,
        connection: Connection,
        statements: Statements,
        faults: Faults,
        *,
        tenant_id: TenantId | None,
        now: datetime,
        caller: Caller | None = None,
        accounts: bool = False,
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._faults = faults
        self._accounts = accounts
        self._known = _known(now, caller)
        self.tenant_id = tenant_id
        self.now = now

    @property
    def dialect(self) -> str:
        """Return `postgresql` or `sqlite`."""
        return self._statements.dialect.name

    async def one_or_none(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Row[Any] | None:
        """Return the only row, or None if there is none."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            ready = self._statements.ready(statement, {**self._known, **parameters})
            record = await self._connection.fetch_one(ready.sql, ready.values)
            return None if record is None else ready.rows.row(record)

    async def one(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Row[Any]:
        """Return the only row."""
        row = await self.one_or_none(statement, parameters)
        if row is None:
            msg = "The statement found no row."
            raise LookupError(msg)
        return row

    async def all(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Sequence[Row[Any]]:
        """Return every row."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            ready = self._statements.ready(statement, {**self._known, **parameters})
            records = await self._connection.fetch(ready.sql, ready.values)
            return [ready.rows.row(record) for record in records]

    async def scalar(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Any:
        """Return the first column of the only row, or None."""
        row = await self.one_or_none(statement, parameters)
        return None if row is None else row[0]

    async def execute(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> int:
        """Run `statement` and return how many rows it touched."""
        self._require_tenant(statement)
        with self._faults.translated(statement):
            ready = self._statements.ready(statement, {**self._known, **parameters})
            return await self._connection.execute(ready.sql, ready.values)

    def _require_tenant(self, statement: Executable | Fixed) -> None:
        if self.tenant_id is not None:
            return
        for table in statement.tables if isinstance(statement, Fixed) else tables_of(statement):
            if self._accounts and table.info.get(ACCOUNTS_TABLE):
                continue
            if table.info.get(TENANT_OWNED, True):
                msg = f"A statement on {table.name} needs a tenant."
                raise MissingTenantError(msg)


def _known(now: datetime, caller: Caller | None) -> dict[str, object]:
    if caller is None:
        return {NOW.key: now}
    return {NOW.key: now, CALLER_ID.key: caller.user_id, CALLER_ROLE.key: caller.role}
