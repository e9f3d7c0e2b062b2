"""Transactions: what they keep, whom they act for, how they share."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, make_url, select, text, update

from app.core.errors import (
    ConcurrentUpdateError,
    InvalidReferenceError,
    NotFoundError,
    ReferencedError,
    ServiceUnavailableError,
    UniqueConflictError,
    ValidationError,
)
from app.core.ids import TenantId, new_id
from app.db.engine import Database, DatabaseOptions
from app.db.faults import VALIDATION_GAPS
from app.db.rules import Rule
from app.db.transactions import MissingTenantError, Transaction
from app.repositories.base import TenantRepository
from app.schemas.page import PageRequest, SortKey
from tests.conftest import HeldClock
from tests.db.conftest import add_tenant
from tests.gadgets import Gadget, GadgetRepository, gadgets, open_database, tables, tenants


async def add(database: Database, tenant: TenantId, name: str | None = None, **more: Any) -> Gadget:
    async with database.begin(tenant) as transaction:
        return await store(transaction, tenant, name, **more)


async def store(
    transaction: Transaction, tenant: TenantId, name: str | None = None, **more: Any
) -> Gadget:
    values: dict[str, Any] = {
        "id": new_id(),
        "name": name or secrets.token_hex(4),
        "size": None,
        "price": None,
        "due": None,
        "parent_id": None,
        "extra": None,
        "version": 1,
        "created_at": transaction.now,
        "updated_at": transaction.now,
    }
    return await GadgetRepository(transaction).insert(values | more, tenant_id=tenant)


async def names(database: Database, tenant: TenantId) -> list[str]:
    async with database.read(tenant) as transaction:
        found = await GadgetRepository(transaction).page(PageRequest(), tenant_id=tenant)
        return sorted(gadget.name for gadget in found.items)


class TestExactness:
    @pytest.mark.parametrize(
        "price",
        [
            "0",
            "-0.0000000001",
            "12345678901234567890.0123456789",
            "99999999999999999999.9999999999",
        ],
    )
    async def test_decimals(self, database: Database, tenant: TenantId, price: str) -> None:
        made = await add(database, tenant, price=Decimal(price))
        assert made.price == Decimal(price)
        assert made.price is not None
        assert made.price.as_tuple().exponent == -10

    @pytest.mark.parametrize("price", ["1.00000000001", "123456789012345678901", "NaN", "Infinity"])
    async def test_decimals_that_do_not_fit(
        self, database: Database, tenant: TenantId, price: str
    ) -> None:
        with pytest.raises(ValidationError):
            await add(database, tenant, price=Decimal(price))
        assert await names(database, tenant) == []

    async def test_decimals_compare_by_value(self, database: Database, tenant: TenantId) -> None:
        for price in ("10", "9.5", "-1", "100", "-20.5", "9.4999999999"):
            await add(database, tenant, price, price=Decimal(price))
        async with database.read(tenant) as transaction:
            request = PageRequest(sort=(SortKey("price"),))
            repository = GadgetRepository(transaction)
            found = await repository.page(request, tenant_id=tenant)
            above = await repository.page(
                request, gadgets.c.price >= Decimal("9.5"), tenant_id=tenant
            )
        assert [each.name for each in found.items] == [
            *("-20.5", "-1", "9.4999999999", "9.5", "10", "100")
        ]
        assert [each.name for each in above.items] == ["9.5", "10", "100"]

    @pytest.mark.parametrize(
        "due",
        [
            datetime(2030, 5, 6, 7, 8, 9, 123456, tzinfo=timezone(timedelta(hours=14))),
            datetime(1, 1, 2, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ],
    )
    async def test_instants(self, database: Database, tenant: TenantId, due: datetime) -> None:
        made = await add(database, tenant, due=due)
        assert made.due == due
        assert made.due is not None
        assert made.due.utcoffset() == timedelta(0)

    async def test_a_naive_time_is_refused(self, database: Database, tenant: TenantId) -> None:
        with pytest.raises(ValidationError):
            await add(database, tenant, due=datetime(2030, 1, 1))  # noqa: DTZ001

    async def test_documents(self, database: Database, tenant: TenantId) -> None:
        value = {"a": [1, 2.5, None, True, "ü🦜"], "b": {}}
        assert (await add(database, tenant, extra=value)).extra == value
        assert (await add(database, tenant, extra=None)).extra is None


class TestFaults:
    async def test_a_value_that_is_taken(
        self, database: Database, tenant: TenantId, other_tenant: TenantId
    ) -> None:
        await add(database, tenant, "a")
        with pytest.raises(UniqueConflictError) as raised:
            await add(database, tenant, "a")
        assert raised.value.extensions == {"fields": ["name"]}
        assert (await add(database, other_tenant, "a")).name == "a"

    async def test_a_reference_to_nothing_or_to_a_foreign_row(
        self, database: Database, tenant: TenantId, other_tenant: TenantId, on_postgresql: bool
    ) -> None:
        foreign = await add(database, other_tenant)
        own = await add(database, tenant)
        assert (await add(database, tenant, parent_id=own.id)).parent_id == own.id
        told = []
        for missing in (new_id(), foreign.id):
            with pytest.raises(InvalidReferenceError) as raised:
                await add(database, tenant, parent_id=missing)
            told.append(raised.value.errors)
        assert told[0] == told[1]
        # SQLite does not say which reference it was.
        assert told[0][0].pointer == ("#/parent" if on_postgresql else "#")

    async def test_a_row_that_others_refer_to(self, database: Database, tenant: TenantId) -> None:
        parent = await add(database, tenant)
        child = await add(database, tenant, parent_id=parent.id)
        for gadget in (parent, child, parent):
            async with database.begin(tenant) as transaction:
                repository = GadgetRepository(transaction)
                if (
                    gadget is parent
                    and child is not None
                    and await repository.exists(child.id, tenant_id=tenant)
                ):
                    with pytest.raises(ReferencedError):
                        await repository.delete(gadget.id, tenant_id=tenant)
                    continue
                await repository.delete(gadget.id, tenant_id=tenant)
        assert await names(database, tenant) == []

    @pytest.mark.parametrize(
        "values", [{"name": ""}, {"name": None}, {"size": 2**40}, {"size": "x"}]
    )
    async def test_what_the_schema_should_have_refused(
        self, database: Database, tenant: TenantId, values: dict[str, Any], on_postgresql: bool
    ) -> None:
        if "size" in values and not on_postgresql:
            pytest.skip("SQLite holds any value in any column")
        before = VALIDATION_GAPS._value.get()
        async with database.begin(tenant) as transaction:
            with pytest.raises(ValidationError) as raised:
                columns = {"id": new_id(), "tenant_id": tenant, "name": "a", "version": 1}
                times = {"created_at": transaction.now, "updated_at": transaction.now}
                await transaction.execute(insert(gadgets).values(columns | times | values))
            assert raised.value.errors[0].code == "not-storable"
            await transaction._connection.rollback()
        assert VALIDATION_GAPS._value.get() == before + 1

    async def test_what_is_no_fault_of_the_client(
        self, database: Database, tenant: TenantId
    ) -> None:
        with pytest.raises(Exception, match="no_such_table"):
            async with database.begin(tenant) as transaction:
                await transaction.scalar(text("SELECT 1 FROM no_such_table"))

    async def test_no_text_of_the_database_reaches_the_client(
        self, database: Database, tenant: TenantId
    ) -> None:
        await add(database, tenant, "canary")
        with pytest.raises(UniqueConflictError) as raised:
            await add(database, tenant, "canary")
        told = f"{raised.value} {raised.value.detail} {raised.value.extensions}"
        assert "canary" not in told
        assert "uq_" not in told
        assert "gadgets" not in told
        assert "canary" not in str(raised.value.__cause__).split("DETAIL")[0]

    @pytest.mark.parametrize("name", ["lone \ud800", "\udfff"])
    async def test_a_text_that_no_driver_sends(
        self, database: Database, tenant: TenantId, name: str
    ) -> None:
        with pytest.raises(ValidationError):
            await add(database, tenant, name)
        assert (await add(database, tenant, "🦜")).name == "🦜"

    async def test_a_number_that_no_driver_sends(
        self, database: Database, tenant: TenantId
    ) -> None:
        with pytest.raises(ValidationError):
            await add(database, tenant, size=10**400)


class TestTransactions:
    async def test_all_or_nothing(self, database: Database, tenant: TenantId) -> None:
        with pytest.raises(ZeroDivisionError):
            async with database.begin(tenant) as transaction:
                await store(transaction, tenant, "lost")
                _ = 1 / 0
        await add(database, tenant, "kept")
        assert await names(database, tenant) == ["kept"]

    async def test_one_instant(
        self, database: Database, tenant: TenantId, clock: HeldClock
    ) -> None:
        async with database.begin(tenant) as transaction:
            first = transaction.now
            clock.move(seconds=5)
            assert transaction.now == first == (await store(transaction, tenant)).created_at

    async def test_racing_writers_count_every_one(
        self, database: Database, tenant: TenantId
    ) -> None:
        made = await add(database, tenant, size=0)

        async def count_up() -> None:
            async with database.begin(tenant) as transaction:
                repository = GadgetRepository(transaction)
                gadget = await repository.get_for_update(made.id, tenant_id=tenant)
                await asyncio.sleep(0.002)
                await repository.update(gadget, {"size": gadget.size + 1}, tenant_id=tenant)

        await asyncio.gather(*(count_up() for _ in range(12)))
        async with database.read(tenant) as transaction:
            gadget = await GadgetRepository(transaction).get(made.id, tenant_id=tenant)
        assert (gadget.size, gadget.version) == (12, 13)

    async def test_a_stale_version_loses(self, database: Database, tenant: TenantId) -> None:
        made = await add(database, tenant, size=0)
        async with database.begin(tenant) as transaction:
            repository = GadgetRepository(transaction)
            changed = await repository.update(made, {"size": 1}, tenant_id=tenant)
            assert (changed.version, changed.size) == (2, 1)
            with pytest.raises(ConcurrentUpdateError):
                await repository.update(made, {"size": 2}, tenant_id=tenant)

    async def test_rules_hold_in_order(self, database: Database, tenant: TenantId) -> None:
        made = await add(database, tenant, size=5)
        true, unknown = gadgets.c.size == 5, gadgets.c.price > 1
        rules = [Rule(true, NotFoundError), Rule(unknown, ReferencedError)]
        async with database.read(tenant) as transaction:
            repository = GadgetRepository(transaction)
            await repository.check(made.id, rules[:1], tenant_id=tenant)
            with pytest.raises(ReferencedError):
                await repository.check(made.id, rules, tenant_id=tenant)


class TestTenants:
    async def test_a_repository_sees_one_tenant(
        self, database: Database, tenant: TenantId, other_tenant: TenantId
    ) -> None:
        own, foreign = await add(database, tenant, "own"), await add(database, other_tenant)
        async with database.begin(tenant) as transaction:
            repository = GadgetRepository(transaction)
            assert await repository.get(own.id, tenant_id=tenant) == own
            assert await repository.find(foreign.id, tenant_id=tenant) is None
            assert not await repository.exists(foreign.id, tenant_id=tenant)
            for refused in (
                repository.get(foreign.id, tenant_id=tenant),
                repository.get_for_update(foreign.id, tenant_id=tenant),
                repository.delete(foreign.id, tenant_id=tenant),
            ):
                with pytest.raises(NotFoundError):
                    await refused
            with pytest.raises(ConcurrentUpdateError):
                await repository.update(foreign, {"name": "stolen"}, tenant_id=tenant)
        assert await names(database, tenant) == ["own"]
        assert await names(database, other_tenant) == [foreign.name]

    async def test_without_a_tenant_nothing_is_sent(
        self, database: Database, tenant: TenantId
    ) -> None:
        for statement in (
            select(gadgets),
            insert(gadgets).values(id=new_id()),
            update(gadgets).values(name="x"),
            select(tenants).where(tenants.c.id.in_(select(gadgets.c.tenant_id))),
        ):
            async with database.begin_global() as transaction:
                with pytest.raises(MissingTenantError):
                    await transaction.execute(statement)
                known = select(func.count()).where(tenants.c.id == tenant)
                assert await transaction.scalar(known) == 1

    async def test_the_probe_knows_only_that_a_row_exists(
        self, database: Database, tenant: TenantId, other_tenant: TenantId
    ) -> None:
        foreign, own = await add(database, other_tenant), await add(database, tenant)
        assert await database.exists_elsewhere(gadgets, foreign.id, tenant)
        assert not await database.exists_elsewhere(gadgets, own.id, tenant)
        assert not await database.exists_elsewhere(gadgets, new_id(), tenant)

    def test_every_method_demands_the_tenant(self) -> None:
        for name, method in vars(TenantRepository).items():
            if not name.startswith("_") and callable(method):
                assert "tenant_id" in (method.__kwdefaults__ or {}) or (
                    "tenant_id" in method.__annotations__
                ), name
                assert "tenant_id" not in (method.__kwdefaults__ or {}), name


class TestOutages:
    async def test_too_few_connections(self, empty_database_url: str, clock: HeldClock) -> None:
        limits: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1}
        async for database in open_database(empty_database_url, clock, **limits):
            tenant = await add_tenant(database)
            async with database.read(tenant) as transaction:
                await transaction.scalar(select(1))
                with pytest.raises(ServiceUnavailableError):
                    await add(database, tenant)
            assert (await add(database, tenant, "later")).name == "later"

    async def test_no_database(self, clock: HeldClock, tmp_path: Any, on_postgresql: bool) -> None:
        url = (
            "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
            if on_postgresql
            else f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.sqlite3"
        )
        database = Database(DatabaseOptions(url=url), clock=clock, tables=tables)
        for ask in (database.ping, database.migration_revision):
            with pytest.raises(ServiceUnavailableError):
                await ask()
        await database.close()
        # The driver's thread reports its end to the loop a moment after a failed connect.
        await asyncio.sleep(0.1)

    async def test_a_lock_that_is_not_given_back(
        self, empty_database_url: str, clock: HeldClock, on_postgresql: bool
    ) -> None:
        async for database in open_database(empty_database_url, clock, lock_timeout=0.2):
            tenant = await add_tenant(database)
            made = await add(database, tenant)
            async with database.begin(tenant) as holder:
                await GadgetRepository(holder).get_for_update(made.id, tenant_id=tenant)
                expected = ConcurrentUpdateError if on_postgresql else ServiceUnavailableError
                with pytest.raises(expected):
                    async with database.begin(tenant) as waiter:
                        await GadgetRepository(waiter).get_for_update(made.id, tenant_id=tenant)
            assert await names(database, tenant) == [made.name]

    @pytest.mark.parametrize("name", ["no_such_database", "template0"])
    async def test_a_server_that_lets_nobody_in(
        self, empty_database_url: str, clock: HeldClock, on_postgresql: bool, name: str
    ) -> None:
        if not on_postgresql:
            pytest.skip("a file has no doorkeeper")
        async for database in open_database(empty_database_url, clock):
            await database.ping()
        url = make_url(empty_database_url).set(database=name)
        closed = Database(DatabaseOptions(url=url.render_as_string(hide_password=False)))
        with pytest.raises(ServiceUnavailableError):
            await closed.ping()
        await closed.close()
