"""Connections to SQLite that hand over to their thread only what may take long.

aiosqlite hands over each step of a statement: making a cursor, executing, fetching, closing.
Two threads that take turns cost more than most statements. Here a statement and its rows are
one step, and what touches no file is done at once.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

import aiosqlite
from aiosqlite.context import contextmanager

_CHUNK: Final = 64
_TOUCHES_NO_FILE: Final = "BEGIN"


class Cursor(aiosqlite.Cursor):
    """A cursor that fetches its rows when it executes."""

    def __init__(self, connection: "Connection", cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._connection = connection
        self._rows: deque[Any] = deque()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        """Execute a statement and fetch its rows."""

        def executed() -> list[Any]:
            return self._cursor.execute(sql, parameters or ()).fetchall()  # type: ignore[arg-type]  # a driver takes what it is given

        prompt = sql == _TOUCHES_NO_FILE
        work = self._connection.promptly if prompt else self._connection.in_thread
        self._rows = deque(await work(executed))
        return self

    async def fetchone(self) -> Any:
        """Return the next row, or None."""
        return self._rows.popleft() if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows."""
        count = self.arraysize if size is None else size
        return [self._rows.popleft() for _ in islice(self._rows.copy(), count)]

    async def fetchall(self) -> list[Any]:
        """Return all the rows that are left."""
        rows, self._rows = self._rows, deque()
        return list(rows)

    async def close(self) -> None:
        """Close the cursor."""
        await self._connection.promptly(self._cursor.close)


class Connection(aiosqlite.Connection):
    """A connection that knows whether its thread is idle."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _CHUNK)
        self._thread.daemon = True
        self._begun = 0
        self._ended = 0

    async def in_thread[Result](self, work: Callable[[], Result]) -> Result:
        """Do `work` in the thread."""
        result: Result = await self._execute(work)
        return result

    async def promptly[Result](self, work: Callable[[], Result]) -> Result:
        """Do `work`, which takes no time, at once; after what a cancelled task left running."""
        return work() if self._begun == self._ended else await self.in_thread(work)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Each count has one thread that writes it.
        self._begun += 1

        def counted() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._ended += 1

        return await super()._execute(counted)  # type: ignore[no-untyped-call]  # it has no types

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """Return a new cursor."""
        return Cursor(self, await self.promptly(self._conn.cursor))

    async def rollback(self) -> None:
        """Roll back the transaction, if there is one."""
        if await self.promptly(lambda: self._conn.in_transaction):
            await super().rollback()


def connect(database: str, **options: Any) -> Connection:
    """Return a connection to `database`, to be awaited before its first use."""
    shared = {**options, "check_same_thread": False}
    return Connection(lambda: sqlite3.connect(database, **shared))
