"""Tasks that are cancelled in the middle of a transaction, and what they leave behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Final

import pytest
from sqlalchemy import Executable, text

from app.core.ids import TenantId
from app.db.engine import Database
from app.db.security import APP_ROLE
from tests.conftest import HeldClock
from tests.db.test_engine import add, names
from tests.gadgets import gadgets, reopened

MOST: Final = 3
CANCELLED: Final = 12
SLOW: Final = {
    "postgresql": text("SELECT pg_sleep(20)"),
    "sqlite": text(
        "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted) "
        "SELECT max(n) FROM counted"
    ),
}


@pytest.fixture
async def narrow(
    gadgets_url: str, tenant: TenantId, clock: HeldClock, on_postgresql: bool
) -> AsyncIterator[tuple[Database, TenantId]]:
    """A database with few connections, and a tenant."""
    limits: dict[str, Any] = {"pool_size": 2, "max_overflow": MOST - 2, "pool_timeout": 10.0}
    # asyncpg reports an attempt to encrypt that is cancelled as nobody's fault.
    url = gadgets_url + ("?ssl=disable" if on_postgresql else "")
    async for database in reopened(url, clock, **limits):
        yield database, tenant


async def use(database: Database, tenant: TenantId, statement: Executable) -> None:
    async with database.read(tenant) as transaction:
        await transaction.all(statement)


async def require_whole(database: Database, tenant: TenantId) -> None:
    """Ask for every connection at once, and write on all of them."""
    made = await asyncio.gather(*(add(database, tenant) for _ in range(4 * MOST)))
    assert sorted(gadget.name for gadget in made) == await names(database, tenant)


async def cancelled(work: Awaitable[object], *, after: float) -> None:
    """Begin `work`, and cancel it in the middle."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_in_the_middle_of_a_statement(narrow: tuple[Database, TenantId]) -> None:
    database, tenant = narrow
    for turn in range(CANCELLED):
        await cancelled(use(database, tenant, SLOW[database.dialect]), after=turn / 1000)
    await require_whole(database, tenant)


async def test_all_at_once(narrow: tuple[Database, TenantId]) -> None:
    database, tenant = narrow
    slow = SLOW[database.dialect]
    tasks = [asyncio.create_task(use(database, tenant, slow)) for _ in range(4 * MOST)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in found] == [asyncio.CancelledError] * len(tasks)
    await require_whole(database, tenant)


async def test_twice(narrow: tuple[Database, TenantId]) -> None:
    database, tenant = narrow
    for turn in range(CANCELLED):
        task = asyncio.create_task(use(database, tenant, SLOW[database.dialect]))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(turn / 5000)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await require_whole(database, tenant)


async def test_while_the_transaction_begins(narrow: tuple[Database, TenantId]) -> None:
    database, tenant = narrow
    await database.ping()
    for _ in range(CANCELLED):
        task = asyncio.create_task(database.exists_elsewhere(gadgets, tenant, tenant))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if database.dialect == "postgresql":
            # Nothing of the transaction that was cancelled is left: its role, for one.
            async with database.begin_global() as transaction:
                assert await transaction.scalar(text("SELECT current_user")) == APP_ROLE
    await require_whole(database, tenant)


async def test_a_write_that_is_cancelled_is_undone(narrow: tuple[Database, TenantId]) -> None:
    database, tenant = narrow

    async def write() -> None:
        async with database.begin(tenant) as transaction:
            await transaction.execute(gadgets.delete())
            await asyncio.sleep(20)

    made = await add(database, tenant)
    await cancelled(write(), after=0.05)
    assert await names(database, tenant) == [made.name]
