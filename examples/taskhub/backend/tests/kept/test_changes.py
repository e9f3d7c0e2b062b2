"""A change of a row ends the answers that count it, before and after the change."""

from collections.abc import AsyncIterator
from typing import ClassVar
from uuid import UUID

import pytest

from app.core.cache import Cache, MemoryStore, Subject
from app.core.ids import TenantId, new_id
from app.db.changes import WatchedDatabase
from app.db.engine import DatabaseOptions
from app.db.transactions import Transaction
from app.repositories.watched import WatchedRepository
from tests.conftest import HeldClock
from tests.db.conftest import add_tenant
from tests.gadgets import Gadget, gadgets, tables
from tests.requirements import KEPT_ANSWERS

pytestmark = pytest.mark.requirement(*KEPT_ANSWERS)


class Parts(WatchedRepository[Gadget]):
    table = gadgets
    model = Gadget
    counted: ClassVar = (("parts", "parent_id"),)


class Whole:
    """Gadgets and the kept answers about them."""

    def __init__(self, database: WatchedDatabase, tenant_id: TenantId) -> None:
        self.database = database
        self.tenant_id = tenant_id

    async def store(self, transaction: Transaction, parent: UUID | None = None) -> Gadget:
        values = {"name": new_id().hex, "parent_id": parent}
        return await Parts(transaction).insert(values, tenant_id=self.tenant_id)

    async def made(self, parent: UUID | None = None) -> Gadget:
        async with self.database.begin(self.tenant_id) as transaction:
            return await self.store(transaction, parent)

    async def keep(self, *gadgets: Gadget) -> None:
        """Keep an answer about each."""
        for subject in map(self.subject, gadgets):
            claim = await self.database.cache.claim(subject, 60)
            await self.database.cache.keep(subject, b"{}", claim=claim, seconds=60)

    async def is_kept(self, gadget: Gadget) -> bool:
        return await self.database.cache.find(self.subject(gadget)) is not None

    def subject(self, gadget: Gadget) -> Subject:
        return Subject("parts", self.tenant_id, gadget.id)


@pytest.fixture
async def whole(gadgets_url: str, clock: HeldClock) -> AsyncIterator[Whole]:
    database = WatchedDatabase(
        DatabaseOptions(url=gadgets_url), cache=Cache(MemoryStore()), clock=clock, tables=tables
    )
    yield Whole(database, await add_tenant(database))
    await database.close()


async def test_a_new_row_ends_the_answer_about_its_owner_alone(whole: Whole) -> None:
    one, other = await whole.made(), await whole.made()
    await whole.keep(one, other)

    await whole.made(one.id)

    assert (await whole.is_kept(one), await whole.is_kept(other)) == (False, True)


async def test_a_row_that_moves_ends_the_answers_about_both(whole: Whole) -> None:
    one, other = await whole.made(), await whole.made()
    part = await whole.made(one.id)
    await whole.keep(one, other)

    async with whole.database.begin(whole.tenant_id) as transaction:
        await Parts(transaction).update(part, {"parent_id": other.id}, tenant_id=whole.tenant_id)

    assert (await whole.is_kept(one), await whole.is_kept(other)) == (False, False)


async def test_rows_that_go_end_the_answers_about_their_owners(whole: Whole) -> None:
    one, other = await whole.made(), await whole.made()
    parts = [await whole.made(owner.id) for owner in (one, other)]
    await whole.keep(one, other)

    async with whole.database.begin(whole.tenant_id) as transaction:
        await Parts(transaction).delete_all([p.id for p in parts], tenant_id=whole.tenant_id)

    assert (await whole.is_kept(one), await whole.is_kept(other)) == (False, False)


async def test_an_answer_stands_until_the_change_is_committed(whole: Whole) -> None:
    one = await whole.made()
    await whole.keep(one)

    async with whole.database.begin(whole.tenant_id) as transaction:
        await whole.store(transaction, one.id)
        assert await whole.is_kept(one)

    assert not await whole.is_kept(one)


async def test_an_answer_ends_though_nobody_knows_whether_the_commit_came_through(
    whole: Whole,
) -> None:
    one = await whole.made()
    await whole.keep(one)

    with pytest.raises(RuntimeError):
        async with whole.database.begin(whole.tenant_id) as transaction:
            await whole.store(transaction, one.id)
            raise RuntimeError

    assert not await whole.is_kept(one)
