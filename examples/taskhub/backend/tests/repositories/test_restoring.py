"""Repositories of entities whose deleted rows may be restored."""

from typing import Any, ClassVar

import pytest
from sqlalchemy import true

from app.core.errors import ConcurrentUpdateError, NotFoundError, UniqueConflictError
from app.core.ids import TenantId
from app.core.restoring import DeletedReferenceError, NotDeletedError
from app.db.engine import Database
from app.db.transactions import Transaction
from app.repositories.restoring import Need, RestorableRepository
from app.schemas.page import PageRequest
from tests.conftest import HeldClock
from tests.repositories.notes import Scrap, ScrapRepository, scraps


class RestorableScrapRepository(RestorableRepository[Scrap], ScrapRepository):
    needs: ClassVar[tuple[Need, ...]] = (
        Need(column="above_id", to=scraps),
        Need(column="beside_id", to=scraps, cleared=True),
    )


async def scrap(transaction: Transaction, tenant: TenantId, text: str, **more: Any) -> Scrap:
    return await ScrapRepository(transaction).insert({"text": text, **more}, tenant_id=tenant)


async def deleted(transaction: Transaction, tenant: TenantId, *scraps_: Scrap) -> list[Scrap]:
    """Delete scraps, and return them as they are then."""
    ids = [each.id for each in scraps_]
    await ScrapRepository(transaction).delete_all(ids, tenant_id=tenant)
    found = RestorableScrapRepository(transaction)
    return [await found.get_for_update(each, tenant_id=tenant) for each in ids]


async def test_a_deleted_row_comes_back_as_it_was(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        before = await scrap(transaction, tenant, "a")
        [gone] = await deleted(transaction, tenant, before)
        assert gone.deleted_at is not None
        assert await ScrapRepository(transaction).find(before.id, tenant_id=tenant) is None
    clock.move(seconds=1)

    async with database.begin(tenant) as transaction:
        after = await RestorableScrapRepository(transaction).restore(gone, tenant_id=tenant)
        assert await ScrapRepository(transaction).get(before.id, tenant_id=tenant) == after

    assert (after.text, after.deleted_at, after.version) == ("a", None, before.version + 1)
    assert (after.created_at, after.updated_at) == (before.created_at, clock.now())


async def test_what_is_not_deleted_is_not_restored(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        stored = await scrap(transaction, tenant, "a")
        repository = RestorableScrapRepository(transaction)
        assert await repository.get(stored.id, tenant_id=tenant) == stored
        with pytest.raises(NotDeletedError):
            await repository.restore(stored, tenant_id=tenant)


async def test_only_one_of_two_restores_it(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        [gone] = await deleted(transaction, tenant, await scrap(transaction, tenant, "a"))
        repository = RestorableScrapRepository(transaction)
        await repository.restore(gone, tenant_id=tenant)
        with pytest.raises(ConcurrentUpdateError):
            await repository.restore(gone, tenant_id=tenant)


async def test_nothing_of_another_tenant_is_found_or_restored(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    async with database.begin(other_tenant) as transaction:
        [gone] = await deleted(
            transaction, other_tenant, await scrap(transaction, other_tenant, "a")
        )

    async with database.begin(tenant) as transaction:
        repository = RestorableScrapRepository(transaction)
        with pytest.raises(NotFoundError):
            await repository.get_for_update(gone.id, tenant_id=tenant)
        with pytest.raises(ConcurrentUpdateError):
            await repository.restore(gone, tenant_id=tenant)
        assert (await repository.deleted(PageRequest(), tenant_id=tenant)).items == []


async def test_a_value_that_is_in_use_again_is_refused(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        [gone] = await deleted(transaction, tenant, await scrap(transaction, tenant, "a"))
        await scrap(transaction, tenant, "a")

    with pytest.raises(UniqueConflictError) as refused:
        async with database.begin(tenant) as transaction:
            await RestorableScrapRepository(transaction).restore(gone, tenant_id=tenant)
    assert refused.value.extensions == {"fields": ["text"]}


async def test_a_row_does_not_come_back_without_what_it_needs(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        above = await scrap(transaction, tenant, "above")
        row = await scrap(transaction, tenant, "row", above_id=above.id)
        gone, gone_above = await deleted(transaction, tenant, row, above)
        repository = RestorableScrapRepository(transaction)

        with pytest.raises(DeletedReferenceError) as refused:
            await repository.restore(gone, tenant_id=tenant)
        await repository.restore(gone_above, tenant_id=tenant)
        back = await repository.restore(gone, tenant_id=tenant)

    assert refused.value.extensions == {"fields": ["above_id"]}
    assert back.above_id == above.id


async def test_a_row_comes_back_without_what_it_can_do_without(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        gone_beside, kept_beside = [await scrap(transaction, tenant, each) for each in "xy"]
        one = await scrap(transaction, tenant, "one", beside_id=gone_beside.id)
        other = await scrap(transaction, tenant, "other", beside_id=kept_beside.id)
        one, other, _ = await deleted(transaction, tenant, one, other, gone_beside)
        repository = RestorableScrapRepository(transaction)

        back = [await repository.restore(each, tenant_id=tenant) for each in (one, other)]

    assert [each.beside_id for each in back] == [None, kept_beside.id]


async def test_deleted_rows_are_listed_the_newest_first(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        first = await scrap(transaction, tenant, "a")
    clock.move(seconds=1)
    async with database.begin(tenant) as transaction:
        second, third = [await scrap(transaction, tenant, each) for each in "bc"]
        await deleted(transaction, tenant, second, first)
        repository = RestorableScrapRepository(transaction)

        page = await repository.deleted(PageRequest(limit=1), true(), tenant_id=tenant)
        rest = PageRequest(after=page.next)
        others = await repository.deleted(rest, scraps.c.text != "c", tenant_id=tenant)
        present = await ScrapRepository(transaction).page(PageRequest(), tenant_id=tenant)

    assert [each.id for each in page.items] == [second.id]
    assert [each.id for each in others.items] == [first.id]
    assert [each.id for each in present.items] == [third.id]
