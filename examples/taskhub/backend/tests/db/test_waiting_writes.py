"""Statements that nobody waits for: they are done before anybody could miss them, or not at all."""

from typing import Any, Final

import pytest
from sqlalchemy import Executable, func, insert, select, update

from app.core.errors import UniqueConflictError
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.parameters import TENANT, given, parameter
from app.db.statements import Fixed
from app.db.transactions import EndedTransactionError, ReadOnlyError, Transaction
from tests.db.test_engine import add, names
from tests.gadgets import gadgets, tenants

COLUMNS: Final = ("id", "name", "size", "version", "created_at", "updated_at")
ADDED: Final = Fixed(
    insert(gadgets).values(
        tenant_id=TENANT, **{name: parameter(name, gadgets.c[name]) for name in COLUMNS}
    )
)
COUNT: Final = select(func.count()).where(gadgets.c.tenant_id == TENANT)
CHANGED: Final = Fixed(update(gadgets).where(gadgets.c.tenant_id == TENANT).values(size=7))
COUNT_TENANTS: Final = Fixed(select(func.count()).select_from(tenants))
MANY: Final = 11


def add_later(transaction: Transaction, tenant: TenantId, name: str, size: int = 0) -> None:
    now = transaction.now
    values: dict[str, Any] = {"id": new_id(), "name": name, "size": size, "version": 1}
    values |= {"created_at": now, "updated_at": now}
    transaction.later(ADDED, given(tenant, None, values))


async def test_they_are_done_at_the_end(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        for number in range(MANY):
            add_later(transaction, tenant, f"{number:02}", size=number)
        assert len(transaction._waiting) == MANY
    async with database.read(tenant) as transaction:
        own = select(gadgets.c.name, gadgets.c.size).where(gadgets.c.tenant_id == TENANT)
        rows = await transaction.all(own, given(tenant))
    assert sorted(map(tuple, rows)) == [(f"{number:02}", number) for number in range(MANY)]


@pytest.mark.parametrize("statement", [Fixed(COUNT), COUNT])
async def test_whoever_reads_the_table_sees_them(
    database: Database, tenant: TenantId, statement: Executable | Fixed
) -> None:
    async with database.begin(tenant) as transaction:
        add_later(transaction, tenant, "a")
        assert await transaction.scalar(statement, given(tenant)) == 1


async def test_whoever_writes_comes_after_them(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        add_later(transaction, tenant, "a")
        assert await transaction.execute(CHANGED, given(tenant)) == 1


async def test_whoever_reads_something_else_does_not_wait(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        add_later(transaction, tenant, "a")
        assert await transaction.scalar(COUNT_TENANTS) >= 1
        assert len(transaction._waiting) == 1


async def test_one_that_is_refused_at_the_end_undoes_everything(
    database: Database, tenant: TenantId
) -> None:
    await add(database, tenant, "taken")
    with pytest.raises(UniqueConflictError):
        async with database.begin(tenant) as transaction:
            add_later(transaction, tenant, "other")
            add_later(transaction, tenant, "taken")
    assert await names(database, tenant) == ["taken"]


async def test_an_error_leaves_none_of_them(database: Database, tenant: TenantId) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.begin(tenant) as transaction:
            add_later(transaction, tenant, "lost")
            _ = 1 / 0
    assert await names(database, tenant) == []


async def test_they_are_refused_where_any_write_is(database: Database, tenant: TenantId) -> None:
    async with database.read(tenant) as transaction:
        with pytest.raises(ReadOnlyError):
            add_later(transaction, tenant, "a")
    async with database.begin(tenant) as transaction:
        pass
    with pytest.raises(EndedTransactionError):
        add_later(transaction, tenant, "a")
    assert await names(database, tenant) == []
