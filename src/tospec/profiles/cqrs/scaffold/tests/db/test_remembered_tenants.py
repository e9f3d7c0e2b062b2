"""What a connection remembers of a tenant on PostgreSQL, and that nobody else ever sees it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import pytest
from asyncpg.exceptions import DivisionByZeroError, ReadOnlySQLTransactionError
from sqlalchemy import select, text

from app.core.ids import TenantId
from app.db.engine import Database
from app.db.migration import owner_engine
from app.db.security import APP_ROLE
from app.db.transactions import EndedTransactionError, ReadOnlyError, Transaction
from app.schemas.page import PageRequest
from tests.conftest import HeldClock
from tests.db.conftest import add_tenant
from tests.db.test_engine import add
from tests.gadgets import GadgetRepository, gadgets, reopened

SETTING: Final = text("SELECT current_setting('app.tenant_id', true)")
COUNT: Final = text("SELECT count(*) FROM gadgets")
BACKEND: Final = text("SELECT pg_backend_pid()")
STATE: Final = text("SELECT current_user, current_setting('transaction_read_only')")
KILL: Final = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SLOW: Final = text("SELECT pg_sleep(20)")
TURNS: Final = 60


@pytest.fixture(autouse=True)
def _postgresql_only(on_postgresql: bool) -> Iterator[None]:
    if not on_postgresql:
        pytest.skip("SQLite's connections remember nothing")
    return


@pytest.fixture
async def single(gadgets_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    """A database whose only connection serves everybody in turn."""
    limits: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 60}
    async for database in reopened(f"{gadgets_url}?ssl=disable", clock, **limits):
        yield database


@pytest.fixture
async def peopled(single: Database) -> tuple[Database, TenantId, TenantId]:
    """The database, and two tenants with one row and two rows."""
    first, second = await add_tenant(single), await add_tenant(single)
    for tenant in (first, second, second):
        await add(single, tenant)
    return single, first, second


async def count(within: AbstractAsyncContextManager[Transaction]) -> int:
    async with within as transaction:
        found: int = await transaction.scalar(COUNT)
        return found


async def require_apart(database: Database, first: TenantId, second: TenantId) -> None:
    """Every scope sees its own rows without any filter, whatever the connection served before."""
    assert await count(database.read(first)) == 1
    assert await count(database.begin(second)) == 2
    assert await count(database.begin_global()) == 0
    assert await count(database.read(second)) == 2
    assert await count(database.begin(first)) == 1
    async with database.begin_accounts(read_only=True) as transaction:
        assert await transaction.scalar(SETTING) == ""
    assert await count(database.read(first)) == 1
    async with database.begin(first) as transaction:
        assert tuple(await transaction.one(STATE)) == (APP_ROLE, "off")
    async with database.read(second) as transaction:
        assert tuple(await transaction.one(STATE)) == (APP_ROLE, "on")


async def test_each_scope_sees_its_own(peopled: tuple[Database, TenantId, TenantId]) -> None:
    for _ in range(3):
        await require_apart(*peopled)


async def test_a_reader_of_the_same_tenant_finds_the_same_connection(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    served: dict[TenantId, set[int]] = {tenant: set(), other_tenant: set()}
    async with database.read(tenant) as first, database.read(other_tenant) as second:
        served[tenant].add(await first.scalar(BACKEND))
        served[other_tenant].add(await second.scalar(BACKEND))
    for each in (tenant, other_tenant, tenant, tenant, other_tenant):
        async with database.read(each) as transaction:
            served[each].add(await transaction.scalar(BACKEND))
    assert [len(each) for each in served.values()] == [1, 1]


async def test_after_an_error(peopled: tuple[Database, TenantId, TenantId]) -> None:
    database, first, second = peopled
    for scope in (database.read, database.begin):
        with pytest.raises(DivisionByZeroError):
            async with scope(first) as transaction:
                await transaction.scalar(text("SELECT 1 / 0"))
        await require_apart(database, first, second)


async def test_a_reader_goes_on_after_an_error(
    peopled: tuple[Database, TenantId, TenantId],
) -> None:
    database, first, second = peopled
    async with database.read(first) as transaction:
        with pytest.raises(DivisionByZeroError):
            await transaction.scalar(text("SELECT 1 / 0"))
        assert await transaction.scalar(COUNT) == 1
    await require_apart(database, first, second)


async def test_after_a_writer_was_undone(peopled: tuple[Database, TenantId, TenantId]) -> None:
    database, first, second = peopled
    assert await count(database.read(first)) == 1
    with pytest.raises(ZeroDivisionError):
        async with database.begin(second) as transaction:
            await transaction.execute(gadgets.delete())
            _ = 1 / 0
    await require_apart(database, first, second)


@pytest.mark.parametrize("kind", ["read", "begin"])
async def test_after_a_cancellation_at_any_moment(
    peopled: tuple[Database, TenantId, TenantId], kind: str
) -> None:
    database, first, second = peopled

    async def use(tenant: TenantId) -> None:
        async with getattr(database, kind)(tenant) as transaction:
            await transaction.scalar(COUNT)
            await transaction.scalar(SETTING)

    for turn in range(TURNS):
        task = asyncio.create_task(use((first, second)[turn % 2]))
        for _ in range(turn // 4):
            await asyncio.sleep(0)
        await asyncio.sleep(turn % 7 / 5000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await count(database.read((second, first)[turn % 2])) == (2, 1)[turn % 2]
    await require_apart(database, first, second)


async def test_after_a_slow_statement_was_cancelled(
    peopled: tuple[Database, TenantId, TenantId],
) -> None:
    database, first, second = peopled

    async def use() -> None:
        async with database.read(first) as transaction:
            await transaction.scalar(SLOW)

    for turn in range(8):
        task = asyncio.create_task(use())
        await asyncio.sleep(turn / 400)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        # What was asked to stop is not the next statement.
        await require_apart(database, first, second)


@pytest.fixture
async def narrow(gadgets_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    limits: dict[str, Any] = {"pool_size": 2, "max_overflow": 1, "pool_timeout": 60}
    async for database in reopened(f"{gadgets_url}?ssl=disable", clock, **limits):
        yield database


async def test_many_tenants_at_once_on_few_connections(narrow: Database) -> None:
    tenants = [await add_tenant(narrow) for _ in range(5)]
    for place, tenant in enumerate(tenants):
        for _ in range(place):
            await add(narrow, tenant)

    async def use(number: int) -> None:
        place = number % 5
        scope = narrow.begin if number % 3 == 0 else narrow.read
        async with scope(tenants[place]) as transaction:
            for _ in range(2):
                assert await transaction.scalar(COUNT) == place

    tasks = [asyncio.create_task(use(number)) for number in range(200)]
    for task in tasks[::9]:
        await asyncio.sleep(0)
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(each) for each in found if each} <= {asyncio.CancelledError}


async def test_a_connection_that_died_under_a_tenant(
    peopled: tuple[Database, TenantId, TenantId], gadgets_url: str
) -> None:
    database, first, second = peopled
    assert await count(database.read(first)) == 1
    engine = owner_engine(gadgets_url)
    async with engine.begin() as connection:
        await connection.execute(KILL)
    await engine.dispose()
    await asyncio.sleep(0.2)
    await require_apart(database, first, second)


async def test_a_reader_cannot_write(peopled: tuple[Database, TenantId, TenantId]) -> None:
    database, first, second = peopled
    async with database.read(first) as transaction:
        for statement in (gadgets.delete(), select(gadgets).with_for_update()):
            with pytest.raises(ReadOnlyError):
                await transaction.execute(statement)
        # The server refuses what the form of a statement does not tell.
        with pytest.raises(ReadOnlySQLTransactionError):
            await transaction.execute(text("DELETE FROM gadgets"))
    await require_apart(database, first, second)


async def test_nothing_is_asked_after_the_end(
    peopled: tuple[Database, TenantId, TenantId],
) -> None:
    database, first, second = peopled
    for scope in (database.read, database.begin):
        async with scope(first) as transaction:
            repository = GadgetRepository(transaction)
        for ask in (transaction.scalar(COUNT), repository.page(PageRequest(), tenant_id=first)):
            with pytest.raises(EndedTransactionError):
                await ask
    await require_apart(database, first, second)
