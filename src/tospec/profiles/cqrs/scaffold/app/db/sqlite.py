"""Connections to SQLite, and what it must be told to keep the promises PostgreSQL keeps."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.dialects.sqlite import aiosqlite as dialects
from sqlalchemy.util import await_only

from app.core.text import lower_ascii
from app.db.connections import Scope, UntouchedError
from app.db.statements import Ready
from app.db.types import DECIMAL_COLLATION, compare_decimals, json_text

DIALECT: Final = dialects.dialect(json_serializer=json_text)
_PRAGMAS: Final = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL")
_FIRST_PAUSE: Final = 0.001
_LONGEST_PAUSE: Final = 0.02
# The lowest byte of SQLite's codes says what went wrong; the others, on what occasion.
_KIND: Final = 0xFF


class SqliteFile:
    """Makes connections to one file, whose writers it puts in line.

    Args:
        url: Names the file.
        lock_timeout: Seconds that a writer waits for its turn.
        statement_timeout: Seconds that a statement which returns many rows may take.
        threads: How many of those run at once.
    """

    def __init__(
        self, url: URL, *, lock_timeout: float, statement_timeout: float, threads: int
    ) -> None:
        self._path = url.database or ""
        self.lock_timeout = lock_timeout
        self.statement_timeout = statement_timeout
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="sqlite")
        self.writing = asyncio.Lock()

    async def connect(self) -> "SqliteConnection":
        """Return a new connection; to open a file takes less than to hand that over."""
        return SqliteConnection(self, self._opened())

    def _opened(self) -> sqlite3.Connection:
        driver = sqlite3.connect(
            self._path,
            timeout=self.lock_timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            prepare(driver)
        except sqlite3.Error:
            driver.close()
            raise
        return driver


class SqliteConnection:
    """A connection that keeps to the event loop for what takes microseconds.

    To hand a statement over to a thread costs ten times what a lookup by key does. Only
    those that return many rows, which may be slow, run in one. What must never happen in
    the loop is to wait for a lock: writers of this process queue for one of their own, and
    then ask for the file's now and again.
    """

    def __init__(self, file: SqliteFile, driver: sqlite3.Connection) -> None:
        self._file = file
        self._driver = driver
        self._closed = False
        self._writes = False

    @property
    def is_usable(self) -> bool:
        """Return whether it is open, and no transaction is."""
        return not self._closed and not self._driver.in_transaction

    def suits(self, scope: Scope) -> bool:
        """Return whether it takes less to begin `scope` on this connection: they are all alike."""
        return True

    async def begin(self, scope: Scope) -> None:
        """Begin a transaction; one that may write takes the file's lock at once.

        Two writers that race are put in line so, and neither finds out at commit that what
        it read has changed.
        """
        if scope.read_only:
            self._driver.execute("BEGIN")
            return
        async with asyncio.timeout(self._file.lock_timeout):
            await self._file.writing.acquire()
            self._writes = True
            await self._lock_file()

    async def commit(self, last: Sequence[Ready] = (), required: Ready | None = None) -> None:
        """Run statements as `execute_all` does, and commit the transaction, if there is one.

        Raises:
            UntouchedError: If what is `required` besides touched no row.
        """
        await self.execute_all(last)
        if required is not None and not await self.execute(required.sql, required.values):
            raise UntouchedError
        if self._driver.in_transaction:
            self._driver.execute("COMMIT")
        self._end()

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        try:
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
        finally:
            self._end()

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run one statement and return its rows."""
        return await self._in_thread(lambda: self._driver.execute(sql, values).fetchall())

    async def fetch_one(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Run a statement that finds one row at the most."""
        rows: list[Sequence[Any]] = self._driver.execute(sql, values).fetchall()
        return rows[0] if rows else None

    async def execute(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement and return how many rows it touched."""
        return self._driver.execute(sql, values).rowcount

    async def execute_all(self, statements: Sequence[Ready]) -> None:
        """Run statements that write and do not depend on one another."""
        for ready in statements:
            self._driver.execute(ready.sql, ready.values)

    async def execute_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement that writes with the values of each of some rows."""
        self._driver.executemany(sql, rows)

    async def close(self) -> None:
        """Close the connection, whatever it does."""
        self._closed = True
        try:
            self._driver.close()
        finally:
            self._end()

    async def _lock_file(self) -> None:
        pause = _FIRST_PAUSE
        while not self._is_locked_at_once():
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_locked_at_once(self) -> bool:
        self._driver.execute("PRAGMA busy_timeout = 0")
        try:
            self._driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _KIND != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._driver.execute(f"PRAGMA busy_timeout = {int(self._file.lock_timeout * 1000)}")
        return True

    def _end(self) -> None:
        if self._writes:
            self._writes = False
            self._file.writing.release()

    async def _in_thread[Result](self, work: Callable[[], Result]) -> Result:
        running = self._file.threads.submit(work)
        done = asyncio.wrap_future(running)
        try:
            async with asyncio.timeout(self._file.statement_timeout):
                await asyncio.wait([done])
        except (asyncio.CancelledError, TimeoutError):
            if not running.cancel():
                await self._interrupted(done)
            raise
        return done.result()

    async def _interrupted(self, done: asyncio.Future[Any]) -> None:
        """Stop the statement in the thread, which the next one must not meet.

        One that is only about to begin misses an interruption, so there are several. Whoever
        is cancelled meanwhile waits to the end all the same.
        """
        cancelled: asyncio.CancelledError | None = None
        while not done.done():
            self._driver.interrupt()
            try:
                await asyncio.wait([done], timeout=_LONGEST_PAUSE)
            except asyncio.CancelledError as error:
                cancelled = error
        # What it says of its interruption interests nobody.
        done.exception()
        if cancelled is not None:
            raise cancelled


def prepare(driver: sqlite3.Connection) -> None:
    """Set up a connection of the driver."""
    for pragma in _PRAGMAS:
        driver.execute(f"PRAGMA {pragma}").close()
    driver.create_collation(DECIMAL_COLLATION, compare_decimals)
    # SQLite's own lower() knows ASCII only; unique indexes need it deterministic.
    for name, function in (("lower", str.lower), ("lower_ascii", lower_ascii)):
        driver.create_function(name, 1, _of_text(function), deterministic=True)


def install(engine: Engine) -> None:
    """Set up each connection of an `engine` of SQLAlchemy, as migrations have one."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: object) -> None:
    # The driver must not begin transactions on its own: it would begin them too late.
    connection.isolation_level = None
    raw = connection.driver_connection
    # The driver offers no public way to its own thread.
    await_only(raw._execute(prepare, raw._conn))  # noqa: SLF001


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _of_text(function: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else function(text)
