"""The second wall on PostgreSQL: what holds even if the code forgets the tenant."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asyncpg.exceptions import DivisionByZeroError
from sqlalchemy import select, text, update

from app.core.errors import NotFoundError, SerializationError, ServiceUnavailableError
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.faults import sql_state
from app.db.migration import owner_engine
from app.db.security import APP_ROLE, create_roles, quote_identifier
from tests.conftest import HeldClock, scratch_database
from tests.db.conftest import add_tenant
from tests.db.test_engine import add, names, store
from tests.gadgets import GadgetRepository, gadgets, open_database


@pytest.fixture(autouse=True)
def _postgresql_only(on_postgresql: bool) -> Iterator[None]:
    if not on_postgresql:
        pytest.skip("row-level security is PostgreSQL's")
    return


async def test_a_forgotten_filter_shows_no_foreign_row(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    own, foreign = await add(database, tenant), await add(database, other_tenant)
    async with database.begin(tenant) as transaction:
        assert [row.id for row in await transaction.all(select(gadgets))] == [own.id]
        assert await transaction.execute(update(gadgets).values(size=1)) == 1
        assert await transaction.execute(gadgets.delete().where(gadgets.c.id == foreign.id)) == 0
        with pytest.raises(NotFoundError):
            await store(transaction, other_tenant)
    assert await names(database, other_tenant) == [foreign.name]


async def test_the_role_owns_nothing_and_bypasses_nothing(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        role = await transaction.one(
            text(
                "SELECT current_user, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles"
                " WHERE rolname = current_user"
            )
        )
        assert tuple(role) == (APP_ROLE, False, False, False)
        table = await transaction.one(
            text(
                "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)"
                " FROM pg_class WHERE relname = 'gadgets'"
            )
        )
        enabled, forced, owner = table
        assert (enabled, forced) == (True, True)
        assert owner != APP_ROLE
        policy = await transaction.one(
            text("SELECT qual, with_check FROM pg_policies WHERE policyname = 'tenant_isolation'")
        )
        seen, written = policy
        assert seen == written
    for statement in ("DROP TABLE gadgets", "ALTER TABLE gadgets DISABLE ROW LEVEL SECURITY"):
        with pytest.raises(NotFoundError):
            async with database.begin(tenant) as transaction:
                await transaction.execute(text(statement))


async def test_one_connection_serves_many_tenants_without_a_leak(
    empty_database_url: str, clock: HeldClock
) -> None:
    limits: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 60}
    async for database in open_database(empty_database_url, clock, **limits):
        first, second = await add_tenant(database), await add_tenant(database)
        made = {tenant: (await add(database, tenant)).id for tenant in (first, second)}

        for number in range(10):
            turns = (
                _look(database, (first, second)[n % 2], made, fail=n % 7 == number)
                for n in range(20)
            )
            await asyncio.gather(*turns)
            async with database.begin_global() as transaction:
                count = text("SELECT count(*) FROM gadgets")
                assert await transaction.scalar(count) == 0


async def _look(
    database: Database, tenant: TenantId, made: dict[TenantId, Any], *, fail: bool
) -> None:
    try:
        async with database.begin(tenant) as transaction:
            rows = await transaction.all(select(gadgets.c.id))
            assert [row.id for row in rows] == [made[tenant]]
            if fail:
                await transaction.execute(text("SELECT 1 / 0"))
    except DivisionByZeroError:
        assert fail


async def test_the_probe_reads_nothing_else(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    await add(database, other_tenant)
    async with database.begin(tenant) as transaction:
        await transaction.execute(text("SET LOCAL ROLE taskhub_probe"))
        elsewhere = text("SELECT count(id) FROM gadgets WHERE tenant_id = :tenant_id")
        assert await transaction.scalar(elsewhere.bindparams(tenant_id=other_tenant)) == 1
        with pytest.raises(NotFoundError):
            await transaction.scalar(text("SELECT name FROM gadgets"))
        await transaction._connection.rollback()
    async with database.begin(tenant) as transaction:
        assert await transaction.scalar(text("SELECT current_user")) == APP_ROLE


async def test_migrations_of_two_databases_at_once_make_the_roles_once(tmp_path: Any) -> None:
    async def make(number: int) -> str:
        async for url in scratch_database(tmp_path):
            engine = owner_engine(url)
            async with engine.begin() as connection:
                for statement in create_roles():
                    await connection.execute(text(statement))
            await engine.dispose()
        return f"{number}"

    assert await asyncio.gather(*map(make, range(4))) == ["0", "1", "2", "3"]


async def test_a_deadlock_is_told_as_one_to_run_again(database: Database, tenant: TenantId) -> None:
    one, two = await add(database, tenant), await add(database, tenant)
    arrived = asyncio.Barrier(2)

    async def lock_both(first: Any, second: Any) -> str:
        try:
            async with database.begin(tenant) as transaction:
                repository = GadgetRepository(transaction)
                await repository.get_for_update(first.id, tenant_id=tenant)
                await arrived.wait()
                await repository.get_for_update(second.id, tenant_id=tenant)
        except SerializationError:
            return "again"
        return "done"

    told = await asyncio.gather(lock_both(one, two), lock_both(two, one))
    assert sorted(told) == ["again", "done"]


async def test_a_killed_connection_is_replaced(
    database: Database, tenant: TenantId, gadgets_url: str
) -> None:
    await add(database, tenant, "before")
    engine = owner_engine(gadgets_url)
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with engine.begin() as connection:
        await connection.execute(kill)
    await asyncio.sleep(0.2)
    assert await names(database, tenant) == ["before"]
    with pytest.raises(ServiceUnavailableError):
        async with database.begin(tenant) as transaction:
            await transaction.scalar(select(1))
            async with engine.begin() as connection:
                await connection.execute(kill)
            await asyncio.sleep(0.2)
            await transaction.scalar(select(1))
    await engine.dispose()
    assert await names(database, tenant) == ["before"]


async def test_a_statement_that_takes_too_long(empty_database_url: str, clock: HeldClock) -> None:
    async for database in open_database(empty_database_url, clock, statement_timeout=0.2):
        tenant = await add_tenant(database)
        with pytest.raises(ServiceUnavailableError):
            async with database.begin(tenant) as transaction:
                await transaction.scalar(text("SELECT pg_sleep(3)"))
        assert await names(database, tenant) == []


async def test_states_are_read_from_driver_errors(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        with pytest.raises(DivisionByZeroError) as raised:
            await transaction.execute(text("SELECT 1/0"))
        assert sql_state(raised.value) == "22012"
        await transaction._connection.rollback()


def test_identifiers_are_quoted() -> None:
    assert quote_identifier('a"; DROP TABLE x; --') == '"a""; DROP TABLE x; --"'
