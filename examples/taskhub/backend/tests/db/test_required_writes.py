"""A write that a transaction requires: with it the transaction is committed, or nothing of it."""

from typing import Final

import pytest
from sqlalchemy import func, select, update

from app.core.errors import UniqueConflictError
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.parameters import TENANT, given, named, one_of
from app.db.statements import Fixed
from app.db.transactions import EndedTransactionError, ReadOnlyError, Transaction
from tests.db.test_engine import add, names
from tests.db.test_waiting_writes import add_later
from tests.gadgets import gadgets

COUNTED: Final = Fixed(
    update(gadgets)
    .where(gadgets.c.tenant_id == TENANT, one_of(gadgets.c.name, "names"))
    .values(version=gadgets.c.version + 1)
)
RENAMED: Final = Fixed(
    update(gadgets)
    .where(gadgets.c.tenant_id == TENANT, one_of(gadgets.c.name, "names"))
    .values(name="c")
)
VERSIONS: Final = Fixed(select(func.sum(gadgets.c.version)).where(gadgets.c.tenant_id == TENANT))


class UnmetError(Exception):
    """What was required was not there."""


def require(transaction: Transaction, tenant: TenantId, *wanted: str) -> None:
    transaction.require(COUNTED, given(tenant) | named({"names": wanted}), UnmetError())


async def versions(database: Database, tenant: TenantId) -> int:
    async with database.read(tenant) as transaction:
        return int(await transaction.scalar(VERSIONS, given(tenant)))


@pytest.mark.parametrize("others", [0, 1, 11])
async def test_it_is_committed_with_what_waits(
    database: Database, tenant: TenantId, others: int
) -> None:
    await add(database, tenant, "there")
    before = await versions(database, tenant)
    async with database.begin(tenant) as transaction:
        for each in range(others):
            add_later(transaction, tenant, f"{each:02}")
        require(transaction, tenant, "there")
    assert len(await names(database, tenant)) == 1 + others
    assert await versions(database, tenant) == before + others + 1


@pytest.mark.parametrize("others", [0, 1, 11])
async def test_nothing_is_committed_if_it_touches_nothing(
    database: Database, tenant: TenantId, others: int
) -> None:
    await add(database, tenant, "there")
    for _ in range(3):
        with pytest.raises(UnmetError):
            async with database.begin(tenant) as transaction:
                await transaction.execute(COUNTED, given(tenant) | named({"names": ["there"]}))
                for each in range(others):
                    add_later(transaction, tenant, f"{each:02}")
                require(transaction, tenant, "elsewhere")
    assert await names(database, tenant) == ["there"]
    async with database.begin(tenant) as transaction:
        require(transaction, tenant, "there")
    assert database.pool_use().in_use == 0


async def test_an_error_of_what_waits_is_told_as_its_own(
    database: Database, tenant: TenantId
) -> None:
    await add(database, tenant, "taken")
    before = await versions(database, tenant)
    with pytest.raises(UniqueConflictError):
        async with database.begin(tenant) as transaction:
            add_later(transaction, tenant, "taken")
            require(transaction, tenant, "taken")
    assert await versions(database, tenant) == before


async def test_it_is_refused_where_any_write_is(database: Database, tenant: TenantId) -> None:
    async with database.read(tenant) as transaction:
        with pytest.raises(ReadOnlyError):
            require(transaction, tenant, "there")
    async with database.begin(tenant) as transaction:
        pass
    with pytest.raises(EndedTransactionError):
        require(transaction, tenant, "there")


async def test_one_statement_is_run_for_each_of_some_rows(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    for each in ("a", "b", "c"):
        await add(database, tenant, each)
    before = await versions(database, tenant)
    rows = [given(tenant) | named({"names": each}) for each in (["a"], ["b", "c"], ["a"], [])]
    async with database.begin(tenant) as transaction:
        await transaction.execute_each(COUNTED, [])
        await transaction.execute_each(COUNTED, rows)
        await transaction.execute_each(COUNTED, rows)
    assert await versions(database, tenant) == before + 8
    assert gadgets in transaction.changed


async def test_an_error_at_one_row_undoes_all(database: Database, tenant: TenantId) -> None:
    async def rename_both() -> None:
        async with database.begin(tenant) as transaction:
            rows = [given(tenant) | named({"names": [each]}) for each in ("a", "b")]
            await transaction.execute_each(RENAMED, rows)

    await add(database, tenant, "a")
    await add(database, tenant, "b")
    with pytest.raises(UniqueConflictError):
        await rename_both()
    assert sorted(await names(database, tenant)) == ["a", "b"]
