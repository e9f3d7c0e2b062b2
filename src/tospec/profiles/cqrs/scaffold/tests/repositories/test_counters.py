"""Numbers without gaps."""

import asyncio

import pytest

from app.core.errors import NotFoundError
from app.core.ids import TenantId, new_id
from app.db.counters import next_number
from app.db.engine import Database
from app.db.parameters import given
from app.db.transactions import Transaction
from tests.repositories.notes import Line, LineRepository, NoteRepository, note_counters
from tests.repositories.test_entities import note


async def counted(transaction: Transaction, tenant: TenantId, within: object) -> int:
    values = given(tenant, None, {"note_id": within})
    return await next_number(transaction, note_counters, values)


async def line(transaction: Transaction, tenant: TenantId, **values: object) -> Line:
    return await LineRepository(transaction).insert(values, tenant_id=tenant)


async def test_rows_that_are_stored_are_numbered(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        a, b = [await note(transaction, tenant, title) for title in "ab"]
        stored = [await line(transaction, tenant, note_id=each.id) for each in (a, a, b, a)]
        given = await line(transaction, tenant, note_id=b.id, number=9)
    assert [each.number for each in stored] == [1, 2, 1, 3]
    assert (given.number, given.width, stored[0].width) == (9, 7, 7)


async def test_a_row_that_is_not_stored_takes_no_number(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        a = await note(transaction, tenant, "a")
    with pytest.raises(NotFoundError):
        async with database.begin(tenant) as transaction:
            assert (await line(transaction, tenant, note_id=a.id)).number == 1
            await NoteRepository(transaction).get(new_id(), tenant_id=tenant)
    async with database.begin(tenant) as transaction:
        assert (await line(transaction, tenant, note_id=a.id)).number == 1


async def test_rows_stored_at_once_are_numbered_without_gaps(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        a = await note(transaction, tenant, "a")

    async def one() -> int:
        async with database.begin(tenant) as transaction:
            return (await line(transaction, tenant, note_id=a.id)).number

    numbers = await asyncio.gather(*(one() for _ in range(8)))
    assert sorted(numbers) == list(range(1, 9))


async def test_each_row_counts_for_itself(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        a, b = [await note(transaction, tenant, title) for title in "ab"]
        numbers = [await counted(transaction, tenant, each.id) for each in (a, a, b, a)]
    assert numbers == [1, 2, 1, 3]


async def test_a_number_that_was_rolled_back_is_given_out_again(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        a = await note(transaction, tenant, "a")
        assert await counted(transaction, tenant, a.id) == 1
    with pytest.raises(NotFoundError):
        async with database.begin(tenant) as transaction:
            assert await counted(transaction, tenant, a.id) == 2
            await NoteRepository(transaction).get(new_id(), tenant_id=tenant)
    async with database.begin(tenant) as transaction:
        assert await counted(transaction, tenant, a.id) == 2


async def test_numbers_given_out_at_once_differ(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        a = await note(transaction, tenant, "a")

    async def one() -> int:
        async with database.begin(tenant) as transaction:
            return await counted(transaction, tenant, a.id)

    numbers = await asyncio.gather(*(one() for _ in range(8)))
    assert sorted(numbers) == list(range(1, 9))
