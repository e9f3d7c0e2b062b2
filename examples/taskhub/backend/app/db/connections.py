"""What the database room asks of a driver: connections that run one transaction at a time."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, Protocol

from app.core.ids import TenantId
from app.db.statements import Ready

type Connect = Callable[[], Awaitable["Connection"]]


class UntouchedError(Exception):
    """What a transaction requires to be there was not; nothing of it was committed."""


class Scope(NamedTuple):
    """What a transaction may touch.

    Attributes:
        tenant_id: Whose rows; None for the tables no tenant owns.
        role: The role it acts as on PostgreSQL; None for the application's own.
        read_only: Whether it only reads.
        tables: Names of tables of tenants that it may touch although it is nobody's.
    """

    tenant_id: TenantId | None = None
    role: str | None = None
    read_only: bool = False
    tables: frozenset[str] = frozenset()


class Connection(Protocol):
    """A connection to the database, used by one task at a time."""

    @property
    def is_usable(self) -> bool:
        """Return whether the next transaction may begin on it."""
        ...

    def suits(self, scope: Scope) -> bool:
        """Return whether it takes less to begin `scope` on this connection than on others."""
        ...

    async def begin(self, scope: Scope) -> None:
        """Begin what happens within `scope`; one that only reads may need no transaction."""
        ...

    async def commit(self, last: Sequence[Ready] = (), required: Ready | None = None) -> None:
        """Run statements as `execute_all` does, and commit the transaction, if there is one.

        Args:
            last: The statements.
            required: One more that writes, without which the others count for nothing.

        Raises:
            UntouchedError: If what is required touched no row; nothing is committed then.
        """
        ...

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        ...

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run one statement and return its rows."""
        ...

    async def fetch_one(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Run a statement that finds one row at the most."""
        ...

    async def execute(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement and return how many rows it touched."""
        ...

    async def execute_all(self, statements: Sequence[Ready]) -> None:
        """Run statements that write and do not depend on one another, in any order."""
        ...

    async def execute_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement that writes with the values of each of some rows."""
        ...

    async def close(self) -> None:
        """Close the connection, whatever it does."""
        ...
