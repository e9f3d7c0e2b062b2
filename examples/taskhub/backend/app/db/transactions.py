"""Transactions: statements run for one tenant, at one instant."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Executable, Row, Table

from app.db.connections import Connection, Scope, UntouchedError
from app.db.faults import Faults
from app.db.metadata import TENANT_OWNED
from app.db.parameters import CALLER_ID, CALLER_ROLE, NOW
from app.db.statements import NO_PARAMETERS, Fixed, Parameters, Ready, Statements, Touch

# Statements that are sent at once are one to the database, which keeps each combination.
_AT_ONCE: Final = 4


class MissingTenantError(RuntimeError):
    """A statement on a tenant's table in a transaction that has no tenant: a defect."""


class ReadOnlyError(RuntimeError):
    """A statement that writes in a transaction that only reads: a defect."""


class EndedTransactionError(RuntimeError):
    """A statement in a transaction that has ended: a defect."""


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
        changed: The tables in which it may have changed rows so far.
    """

    __slots__ = (
        *("_connection", "_ended", "_faults", "_known", "_required", "_scope", "_statements"),
        *("_waiting", "changed", "now", "tenant_id"),
    )

    def __init__(
        self,
        connection: Connection,
        statements: Statements,
        faults: Faults,
        *,
        scope: Scope,
        now: datetime,
        caller: Caller | None = None,
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._faults = faults
        self._scope = scope
        self._known = _known(now, caller)
        self._waiting: list[tuple[Fixed, Ready]] = []
        self._required: tuple[Fixed, Ready, Exception] | None = None
        self._ended = False
        self.tenant_id = scope.tenant_id
        self.now = now
        self.changed: set[Table] = set()

    @property
    def dialect(self) -> str:
        """Return `postgresql` or `sqlite`."""
        return self._statements.dialect.name

    async def one_or_none(
        self, statement: Executable | Fixed, parameters: Parameters = NO_PARAMETERS
    ) -> Row[Any] | None:
        """Return the only row, or None if there is none."""
        ready = await self._ready(statement, parameters)
        with self._faults.translated(statement):
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
        ready = await self._ready(statement, parameters)
        with self._faults.translated(statement):
            records = await self._connection.fetch(ready.sql, ready.values)
            return [ready.rows.row(record) for record in records]

    async def made[T](
        self,
        make: Callable[..., T],
        statement: Executable | Fixed,
        parameters: Parameters = NO_PARAMETERS,
    ) -> list[T]:
        """Return what `make` makes of the values of every row, in the order of its columns.

        Rows cost more than that, and are for who asks them by name.
        """
        ready = await self._ready(statement, parameters)
        with self._faults.translated(statement):
            records = await self._connection.fetch(ready.sql, ready.values)
            return ready.rows.made(make, records)

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
        ready = await self._ready(statement, parameters)
        with self._faults.translated(statement):
            return await self._connection.execute(ready.sql, ready.values)

    async def execute_each(self, statement: Fixed, rows: Sequence[Parameters]) -> None:
        """Run a statement that writes once for each of `rows`, in one round trip or few."""
        if not rows:
            return
        await self._ready(statement, rows[0])
        ready = [self._made_ready(statement, row) for row in rows]
        with self._faults.translated(statement):
            await self._connection.execute_each(ready[0].sql, [each.values for each in ready])

    def later(self, statement: Fixed, parameters: Parameters = NO_PARAMETERS) -> None:
        """Run a statement that writes before anybody could miss it, with others at once.

        It runs before the transaction is committed, before another statement writes, and before
        one reads what it has written. None of those that wait may depend on another.
        """
        self._waiting.append((statement, self._made_ready(statement, parameters)))

    def require(self, statement: Fixed, parameters: Parameters, otherwise: Exception) -> None:
        """Commit nothing unless a statement that writes touches a row; it is run with the commit.

        It is the last one of a transaction, and stands for itself: nothing reads what it writes.

        Args:
            statement: What is run.
            parameters: Its values.
            otherwise: What leaving the transaction raises if it touches none.
        """
        self._required = (statement, self._made_ready(statement, parameters), otherwise)

    async def settle(self, *, keep: int = 0) -> None:
        """Run the statements that wait, if there are any; the last ones may wait on.

        Args:
            keep: How many at the most.
        """
        while len(self._waiting) > keep:
            statement, part = self._next_waiting()
            with self._faults.translated(statement):
                await self._connection.execute_all(part)

    def forget(self) -> None:
        """Run none of the statements that wait."""
        self._waiting.clear()

    async def commit(self) -> None:
        """Run the statements that wait, and keep what the transaction has changed."""
        if len(self._waiting) > _AT_ONCE:
            await self.settle(keep=_AT_ONCE)
        last, part = self._next_waiting() if self._waiting else (None, ())
        if self._required is not None:
            await self._commit_required(last, part, *self._required)
            return
        with self._faults.translated(last):
            await self._connection.commit(part)

    def end(self) -> None:
        """Refuse every further statement: the connection is somebody else's from now on."""
        self._ended = True

    async def _ready(self, statement: Executable | Fixed, parameters: Parameters) -> Ready:
        ready = self._made_ready(statement, parameters)
        if self._waiting and self._could_miss(statement):
            await self.settle()
        return ready

    def _made_ready(self, statement: Executable | Fixed, parameters: Parameters) -> Ready:
        with self._faults.translated(statement):
            ready = self._statements.ready(statement, {**self._known, **parameters})
        self._require_allowed(ready.touch)
        self.changed |= ready.touch.changes
        return ready

    async def _commit_required(
        self,
        last: Fixed | None,
        part: Sequence[Ready],
        statement: Fixed,
        ready: Ready,
        otherwise: Exception,
    ) -> None:
        try:
            with self._faults.translated(last or statement):
                await self._connection.commit(part, ready)
        except UntouchedError:
            raise otherwise from None

    def _next_waiting(self) -> tuple[Fixed, Sequence[Ready]]:
        """Return statements that are run at once, and the first of them, for what they refuse."""
        part, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        return part[0][0], [ready for _, ready in part]

    def _could_miss(self, statement: Executable | Fixed) -> bool:
        """Return whether `statement` may read what waits to be written, or depend on it."""
        if not isinstance(statement, Fixed) or statement.touch.writes:
            return True
        written = {table for waiting, _ in self._waiting for table in waiting.touch.tables}
        return not written.isdisjoint(statement.touch.tables)

    def _require_allowed(self, touch: Touch) -> None:
        if self._ended:
            msg = "A statement came after the end of its transaction."
            raise EndedTransactionError(msg)
        if self._scope.read_only and touch.writes:
            msg = "A statement that writes came in a transaction that only reads."
            raise ReadOnlyError(msg)
        if self.tenant_id is None:
            self._require_no_tenant(touch.tables)

    def _require_no_tenant(self, tables: Iterable[Table]) -> None:
        for table in tables:
            if table.info.get(TENANT_OWNED, True) and table.name not in self._scope.tables:
                msg = f"A statement on {table.name} needs a tenant."
                raise MissingTenantError(msg)


def _known(now: datetime, caller: Caller | None) -> dict[str, object]:
    if caller is None:
        return {NOW.key: now}
    return {NOW.key: now, CALLER_ID.key: caller.user_id, CALLER_ROLE.key: caller.role}
