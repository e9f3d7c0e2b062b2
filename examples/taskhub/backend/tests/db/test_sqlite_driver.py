"""Connections to SQLite: what they do in their thread, and what at once."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db.sqlite_driver import Connection, connect

SLOW = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT 3000000)
    SELECT max(n) FROM counted
"""


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    connection = await connect(str(tmp_path / "data.sqlite3"), isolation_level=None)
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE numbers (n INTEGER)")
        await cursor.execute("INSERT INTO numbers VALUES (1), (2), (3)")
    yield connection
    await connection.close()


async def test_rows_are_fetched_one_by_one_or_together(connection: Connection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("SELECT n FROM numbers ORDER BY n")

        assert await cursor.fetchone() == (1,)
        assert await cursor.fetchmany(1) == [(2,)]
        assert await cursor.fetchall() == [(3,)]
        assert await cursor.fetchone() is None
        assert await cursor.fetchmany(5) == []


async def test_statements_run_in_another_thread(connection: Connection) -> None:
    async with connection.cursor() as cursor:
        await connection.create_function("thread", 0, threading.get_ident)
        await cursor.execute("SELECT thread()")

        assert await cursor.fetchone() != (threading.get_ident(),)


async def test_others_go_on_while_a_statement_runs(connection: Connection) -> None:
    async with connection.cursor() as cursor:
        running = asyncio.ensure_future(cursor.execute(SLOW))
        turns = 0
        while not running.done():
            await asyncio.sleep(0)
            turns += 1

        assert turns > 10
        assert await cursor.fetchone() == (3_000_000,)


async def test_a_cancelled_statement_is_waited_for(connection: Connection) -> None:
    cursor = await connection.cursor()
    running = asyncio.ensure_future(cursor.execute(SLOW))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    await cursor.close()
    async with connection.cursor() as other:
        await other.execute("SELECT count(*) FROM numbers")
        assert await other.fetchone() == (3,)


async def test_what_was_begun_is_rolled_back(connection: Connection) -> None:
    await connection.rollback()
    async with connection.cursor() as cursor:
        await cursor.execute("BEGIN")
        await cursor.execute("DELETE FROM numbers")
        await connection.rollback()
        await cursor.execute("SELECT count(*) FROM numbers")

        assert await cursor.fetchone() == (3,)


async def test_faults_come_out_as_they_are(connection: Connection) -> None:
    async with connection.cursor() as cursor:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await cursor.execute("SELECT * FROM nowhere")

        await cursor.execute("SELECT n FROM numbers WHERE n = ?", (2,))
        assert await cursor.fetchall() == [(2,)]
