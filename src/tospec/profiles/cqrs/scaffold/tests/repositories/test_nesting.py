"""Trees: how deep they may be, and that they never run in a circle."""

import asyncio

import pytest

from app.core.errors import AppError
from app.core.ids import TenantId
from app.db.engine import Database
from tests.repositories.notes import Note, NoteRepository, TooDeepError
from tests.repositories.test_entities import note


async def chain(database: Database, tenant: TenantId, titles: str) -> list[Note]:
    """Store notes, each below the one before."""
    made: list[Note] = []
    async with database.begin(tenant) as transaction:
        for title in titles:
            parent = made[-1].id if made else None
            made.append(await note(transaction, tenant, title, parent_id=parent))
    return made


async def move(database: Database, tenant: TenantId, moved: Note, below: Note) -> None:
    async with database.begin(tenant) as transaction:
        repository = NoteRepository(transaction)
        await repository.hold_trees(tenant_id=tenant)
        moved = await repository.get_for_update(moved.id, tenant_id=tenant)
        await repository.update(moved, {"parent_id": below.id}, tenant_id=tenant)


async def test_three_rows_may_stand_one_below_another(database: Database, tenant: TenantId) -> None:
    assert len(await chain(database, tenant, "abc")) == 3


async def test_a_fourth_is_too_deep(database: Database, tenant: TenantId) -> None:
    made = await chain(database, tenant, "abc")
    async with database.begin(tenant) as transaction:
        with pytest.raises(TooDeepError):
            await note(transaction, tenant, "d", parent_id=made[-1].id)


@pytest.mark.parametrize(("above", "below"), [("abc", "d"), ("ab", "cd"), ("a", "bcd")])
async def test_trees_that_are_too_deep_together(
    database: Database, tenant: TenantId, above: str, below: str
) -> None:
    top, hung = await chain(database, tenant, above), await chain(database, tenant, below)
    with pytest.raises(TooDeepError):
        await move(database, tenant, hung[0], below=top[-1])


async def test_a_tree_that_is_hung_up_counts_with_all_below_it(
    database: Database, tenant: TenantId
) -> None:
    a, b = await chain(database, tenant, "ab")
    c, _ = await chain(database, tenant, "cd")
    with pytest.raises(TooDeepError):
        await move(database, tenant, c, below=b)
    await move(database, tenant, c, below=a)


@pytest.mark.parametrize("below", [0, 1], ids=["itself", "its child"])
async def test_no_row_is_its_own_ancestor(database: Database, tenant: TenantId, below: int) -> None:
    made = await chain(database, tenant, "ab")
    with pytest.raises(TooDeepError):
        await move(database, tenant, made[0], below=made[below])


async def test_two_moves_at_once_close_no_circle(database: Database, tenant: TenantId) -> None:
    [a] = await chain(database, tenant, "a")
    [b] = await chain(database, tenant, "b")
    moves = (move(database, tenant, a, below=b), move(database, tenant, b, below=a))
    outcomes = await asyncio.gather(*moves, return_exceptions=True)

    assert sum(isinstance(outcome, AppError) for outcome in outcomes) == 1
    async with database.read(tenant) as transaction:
        repository = NoteRepository(transaction)
        found = [await repository.get(each.id, tenant_id=tenant) for each in (a, b)]
    assert sum(each.parent_id is None for each in found) == 1


async def test_moves_that_run_into_each_other_wait_in_line(
    database: Database, tenant: TenantId
) -> None:
    [a], [b], [c] = [await chain(database, tenant, title) for title in "abc"]
    pairs = ((a, b), (b, c), (c, a)) * 3
    outcomes = await asyncio.gather(
        *(move(database, tenant, moved, below) for moved, below in pairs), return_exceptions=True
    )

    # The database has to give up none of them.
    refused = [each for each in outcomes if each is not None]
    assert 0 < len(refused) < len(pairs)
    assert all(isinstance(each, TooDeepError) for each in refused), refused


async def test_another_tenant_moves_its_rows_meanwhile(
    database: Database, tenant: TenantId, other_tenant: TenantId, on_postgresql: bool
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite lets one transaction at a time write")
    [a], [b] = await chain(database, other_tenant, "a"), await chain(database, other_tenant, "b")
    async with database.begin(tenant) as transaction:
        await NoteRepository(transaction).hold_trees(tenant_id=tenant)
        await move(database, other_tenant, b, below=a)

    async with database.read(other_tenant) as transaction:
        moved = await NoteRepository(transaction).get(b.id, tenant_id=other_tenant)
    assert moved.parent_id == a.id
