"""SQLite: writers in line, statements that take long, and a loop that never stands still."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from sqlalchemy import select, text

from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId
from app.db.engine import Database
from tests.conftest import HeldClock
from tests.db.conftest import add_tenant
from tests.db.test_engine import add, names
from tests.gadgets import gadgets, open_database

ENDLESS: Final = text(
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted) "
    "SELECT max(n) FROM counted"
)
# Longer than a busy machine makes a loop wait, shorter than the locks below are held.
LONGEST_STOP: Final = 0.2


@pytest.fixture(autouse=True)
def _sqlite_only(on_postgresql: bool) -> None:
    if on_postgresql:
        pytest.skip("PostgreSQL has a server, which sees to that")


@pytest.fixture
async def impatient(
    empty_database_url: str, clock: HeldClock
) -> AsyncIterator[tuple[Database, TenantId]]:
    """A database that waits 0.4 s for a lock and as long for a statement, and a tenant."""
    limits: dict[str, Any] = {"lock_timeout": 0.4, "statement_timeout": 0.4}
    async for database in open_database(empty_database_url, clock, **limits):
        yield database, await add_tenant(database)


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    """Hold the file's lock, as another process would."""
    other = sqlite3.connect(folder / "scratch.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


async def longest_stop(work: asyncio.Task[Any]) -> float:
    """Return for how many seconds the loop stood still at the most until `work` was done."""
    longest, last = 0.0, monotonic()
    while not work.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, monotonic() - last), monotonic()
    return longest


async def test_writers_are_served_in_line(impatient: tuple[Database, TenantId]) -> None:
    database, tenant = impatient
    served: list[int] = []

    async def write(number: int) -> None:
        async with database.begin(tenant):
            served.append(number)
            await asyncio.sleep(0.001)

    await asyncio.gather(*(write(number) for number in range(10)))
    assert served == list(range(10))


async def test_a_writer_does_not_wait_for_ever(impatient: tuple[Database, TenantId]) -> None:
    database, tenant = impatient
    async with database.begin(tenant):
        began = monotonic()
        with pytest.raises(ServiceUnavailableError):
            await add(database, tenant)
        # Once, not once more on another connection.
        assert 0.3 < monotonic() - began < 0.75
    assert (await add(database, tenant, "later")).name == "later"


async def test_readers_do_not_wait_for_writers(impatient: tuple[Database, TenantId]) -> None:
    database, tenant = impatient
    async with database.begin(tenant):
        assert await names(database, tenant) == []


async def test_another_process_that_writes_is_waited_for(
    impatient: tuple[Database, TenantId], tmp_path: Path
) -> None:
    database, tenant = impatient
    with locked(tmp_path) as other:
        writing = asyncio.create_task(add(database, tenant, "mine"))
        asyncio.get_running_loop().call_later(0.25, other.execute, "COMMIT")
        assert await longest_stop(writing) < LONGEST_STOP
    assert (await writing).name == "mine"


async def test_another_process_is_not_waited_for_for_ever(
    impatient: tuple[Database, TenantId], tmp_path: Path
) -> None:
    database, tenant = impatient
    with locked(tmp_path):
        writing = asyncio.create_task(add(database, tenant))
        assert await longest_stop(writing) < LONGEST_STOP
        with pytest.raises(ServiceUnavailableError):
            await writing
    assert (await add(database, tenant, "later")).name == "later"


async def test_a_long_statement_ends_in_time_and_stops_nobody(
    impatient: tuple[Database, TenantId],
) -> None:
    database, tenant = impatient

    async def read() -> None:
        async with database.read(tenant) as transaction:
            await transaction.all(ENDLESS)

    reading = asyncio.create_task(read())
    assert await longest_stop(reading) < LONGEST_STOP
    with pytest.raises(ServiceUnavailableError):
        await reading
    assert await names(database, tenant) == []


async def test_a_statement_that_was_stopped_leaves_its_connection_fit(
    impatient: tuple[Database, TenantId],
) -> None:
    database, tenant = impatient
    made = await add(database, tenant)
    async with database.read(tenant) as transaction:
        reading = asyncio.create_task(transaction.all(ENDLESS))
        await asyncio.sleep(0.02)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        rows = await transaction.all(select(gadgets.c.name))
        assert [row.name for row in rows] == [made.name]


async def test_a_statement_that_waits_for_a_thread_never_begins(
    empty_database_url: str, clock: HeldClock
) -> None:
    async for database in open_database(empty_database_url, clock, pool_size=1, max_overflow=1):
        tenant = await add_tenant(database)
        async with database.read(tenant) as first, database.read(tenant) as second:
            running = asyncio.create_task(first.all(ENDLESS))
            waiting = asyncio.create_task(second.all(ENDLESS))
            await asyncio.sleep(0.02)
            waiting.cancel()
            assert await longest_stop(waiting) < LONGEST_STOP
            running.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)
            assert (waiting.cancelled(), running.cancelled()) == (True, True)
