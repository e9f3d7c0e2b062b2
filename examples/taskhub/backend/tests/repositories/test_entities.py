"""Repositories of entities: computed values, links, kept rows, lists."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.errors import (
    ConcurrentUpdateError,
    InvalidReferenceError,
    NotFoundError,
    ReferencedError,
    RuleError,
    UniqueConflictError,
)
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.rules import Rule
from app.db.transactions import Transaction
from app.schemas.page import PageRequest, SortKey
from tests.conftest import HeldClock
from tests.repositories.notes import (
    Note,
    NoteRepository,
    NoteWeight,
    ScrapRepository,
    Tag,
    TagRepository,
    TooDeepError,
    notes,
    scraps,
    tagged,
)


async def note(transaction: Transaction, tenant: TenantId, title: str, **more: Any) -> Note:
    values = {"title": title, **more}
    return await NoteRepository(transaction).insert(values, tenant_id=tenant)


async def tag(transaction: Transaction, tenant: TenantId, name: str) -> Tag:
    return await TagRepository(transaction).insert({"name": name}, tenant_id=tenant)


async def test_insert_fills_in_what_it_is_not_given(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")

    assert stored.id.version == 7
    assert (stored.version, stored.size, stored.weight) == (1, 7, None)
    assert stored.created_at == stored.updated_at == clock.now()
    assert (stored.children, stored.parent_title, stored.tag_ids) == (0, None, ())


async def test_computed_values_and_links_are_read_with_the_row(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        tags = [(await tag(transaction, tenant, name)).id for name in "xy"]
        parent = await note(transaction, tenant, "parent", tag_ids=tags)
        child = await note(transaction, tenant, "child", parent_id=parent.id)
        repository = NoteRepository(transaction)
        read = await repository.get(parent.id, tenant_id=tenant)
        locked = await repository.get_for_update(parent.id, tenant_id=tenant)

    assert parent.tag_ids == read.tag_ids == tuple(sorted(tags))
    assert (read.children, child.parent_title) == (1, "parent")
    assert locked == read


async def test_update_changes_columns_and_links_and_counts_the_version(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        first, second = [await tag(transaction, tenant, name) for name in "xy"]
        before = await note(transaction, tenant, "a", tag_ids=[first.id])
    clock.move(seconds=1)
    async with database.begin(tenant) as transaction:
        changes = {"size": 8, "tag_ids": [second.id]}
        after = await NoteRepository(transaction).update(before, changes, tenant_id=tenant)

    assert (after.size, after.tag_ids, after.version) == (8, (second.id,), 2)
    assert (after.created_at, after.updated_at) == (before.created_at, clock.now())


async def test_update_of_links_alone_keeps_what_stays(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        x, y, z = [(await tag(transaction, tenant, name)).id for name in "xyz"]
        stored = await note(transaction, tenant, "a", tag_ids=[x, y])
        changed = await NoteRepository(transaction).update(
            stored, {"tag_ids": [y, z]}, tenant_id=tenant
        )
        emptied = await NoteRepository(transaction).update(
            changed, {"tag_ids": []}, tenant_id=tenant
        )

    assert set(changed.tag_ids) == {y, z}
    assert emptied.tag_ids == ()


async def test_an_update_of_an_old_version_is_refused(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        old = await note(transaction, tenant, "a")
        new = await NoteRepository(transaction).update(old, {"size": 1}, tenant_id=tenant)

    with pytest.raises(ConcurrentUpdateError):
        async with database.begin(tenant) as transaction:
            await NoteRepository(transaction).update(old, {"size": 2}, tenant_id=tenant)
    async with database.begin(tenant) as transaction:
        assert (await NoteRepository(transaction).update(new, {}, tenant_id=tenant)).size == 1


async def test_links_are_added_and_removed_once(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
        x = (await tag(transaction, tenant, "x")).id
        repository = NoteRepository(transaction)
        ends = ("tag_ids", stored.id, x)
        added = [await repository.link(*ends, tenant_id=tenant) for _ in range(2)]
        linked = await repository.get(stored.id, tenant_id=tenant)
        removed = [await repository.unlink(*ends, tenant_id=tenant) for _ in range(2)]
        unlinked = await repository.get(stored.id, tenant_id=tenant)

    assert (added, removed) == ([True, False], [True, False])
    assert (linked.tag_ids, unlinked.tag_ids) == ((x,), ())


@pytest.mark.parametrize("theirs", [True, False], ids=["of another tenant", "absent"])
async def test_a_link_to_what_the_tenant_does_not_have_is_refused(
    database: Database, tenant: TenantId, other_tenant: TenantId, theirs: bool
) -> None:
    async with database.begin(other_tenant) as transaction:
        foreign = await tag(transaction, other_tenant, "x")

    with pytest.raises(InvalidReferenceError):
        async with database.begin(tenant) as transaction:
            stored = await note(transaction, tenant, "a")
            other = foreign.id if theirs else new_id()
            await NoteRepository(transaction).link("tag_ids", stored.id, other, tenant_id=tenant)


async def test_another_tenants_rows_do_not_exist(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
    async with database.begin(other_tenant) as transaction:
        repository = NoteRepository(transaction)
        found = await repository.find(stored.id, tenant_id=other_tenant)
        existing = await repository.existing([stored.id], tenant_id=other_tenant)
        page = await repository.page(PageRequest(), tenant_id=other_tenant)
        removed = await repository.delete_all([stored.id], tenant_id=other_tenant)
    async with database.begin(tenant) as transaction:
        still = await NoteRepository(transaction).find(stored.id, tenant_id=tenant)

    assert (found, existing, page.items, removed) == (None, frozenset(), [], 0)
    assert still == stored


async def test_existing_tells_which_ids_are_visible(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        x = await tag(transaction, tenant, "x")
        seen = await note(transaction, tenant, "seen", tag_ids=[x.id])
        hidden = await note(transaction, tenant, "hidden")
        ids = [seen.id, hidden.id, new_id()]
        repository = NoteRepository(transaction)
        every = await repository.existing(ids, tenant_id=tenant)
        visible = await repository.existing(ids, tenant_id=tenant, visible=tagged("x"))
        none = await repository.existing([], tenant_id=tenant)

    assert (every, visible, none) == ({seen.id, hidden.id}, {seen.id}, frozenset())


async def test_deleted_rows_that_are_kept_do_not_exist(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        repository = ScrapRepository(transaction)
        gone, kept = [
            await repository.insert({"text": text}, tenant_id=tenant) for text in ("gone", "kept")
        ]
        await repository.delete(gone.id, tenant_id=tenant)
        found = [await repository.find(each.id, tenant_id=tenant) for each in (gone, kept)]
        exists = [await repository.exists(each.id, tenant_id=tenant) for each in (gone, kept)]
        page = await repository.page(PageRequest(), tenant_id=tenant)

    assert (found, exists, page.items) == ([None, kept], [False, True], [kept])
    with pytest.raises(NotFoundError):
        async with database.begin(tenant) as transaction:
            await ScrapRepository(transaction).delete(gone.id, tenant_id=tenant)


async def test_deleted_rows_forget_what_goes_for_good(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        repository = ScrapRepository(transaction)
        target = await repository.insert({"text": "target"}, tenant_id=tenant)
        gone, kept = [
            await repository.insert({"text": text, "beside_id": target.id}, tenant_id=tenant)
            for text in ("gone", "kept")
        ]
        await repository.delete(gone.id, tenant_id=tenant)

        await repository.forget("beside_id", target.id, tenant_id=tenant)

        beside = select(scraps.c.id, scraps.c.beside_id).where(scraps.c.tenant_id == tenant)
        found = {row.id: row.beside_id for row in await transaction.all(beside)}
    assert found == {target.id: None, gone.id: None, kept.id: target.id}


async def test_rows_that_others_refer_to_stay(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        parent = await note(transaction, tenant, "parent")
        child = await note(transaction, tenant, "child", parent_id=parent.id)

    with pytest.raises(ReferencedError):
        async with database.begin(tenant) as transaction:
            await NoteRepository(transaction).delete(parent.id, tenant_id=tenant)
    async with database.begin(tenant) as transaction:
        repository = NoteRepository(transaction)
        referring = await repository.referring("parent_id", parent.id, tenant_id=tenant)
        assert [each.id for each in referring] == [child.id]
        assert await repository.delete_all([parent.id, child.id], tenant_id=tenant) == 2


async def test_deleting_a_row_removes_its_links(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        x = await tag(transaction, tenant, "x")
        stored = await note(transaction, tenant, "a", tag_ids=[x.id])
        await TagRepository(transaction).delete(x.id, tenant_id=tenant)
        assert (await NoteRepository(transaction).get(stored.id, tenant_id=tenant)).tag_ids == ()


async def test_a_unique_value_names_its_public_field(database: Database, tenant: TenantId) -> None:
    with pytest.raises(UniqueConflictError) as refused:
        async with database.begin(tenant) as transaction:
            await note(transaction, tenant, "a")
            await note(transaction, tenant, "a")
    assert refused.value.extensions == {"fields": ["title"]}


async def test_check_raises_the_error_of_the_first_rule_that_fails(
    database: Database, tenant: TenantId
) -> None:
    class SecondError(RuleError):
        slug = "second"

    fails = notes.c.size > 7
    unknown = notes.c.weight == NoteWeight.LIGHT
    holds = notes.c.size == 7
    async with database.begin(tenant) as transaction:
        stored = await note(transaction, tenant, "a")
        repository = NoteRepository(transaction)
        await repository.check(stored.id, [Rule(holds, SecondError)], tenant_id=tenant)
        await repository.check(stored.id, [], tenant_id=tenant)
        rules = [Rule(holds, RuleError), Rule(fails, TooDeepError), Rule(fails, SecondError)]
        with pytest.raises(TooDeepError):
            await repository.check(stored.id, rules, tenant_id=tenant)
        with pytest.raises(SecondError):
            await repository.check(stored.id, [Rule(unknown, SecondError)], tenant_id=tenant)


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("weight", False, "bcad"),
        ("weight", True, "acbd"),
        ("children", True, "adcb"),
        ("parent_title", False, "bacd"),
        ("size", False, "acdb"),
    ],
)
async def test_pages_follow_any_order_to_the_end(
    database: Database, tenant: TenantId, sort: str, descending: bool, expected: str
) -> None:
    await _four(database, tenant)
    assert await _walk(database, tenant, SortKey(sort, descending)) == expected


async def _four(database: Database, tenant: TenantId) -> None:
    weights = {"a": NoteWeight.HEAVY, "b": NoteWeight.LIGHT, "c": NoteWeight.MIDDLING, "d": None}
    async with database.begin(tenant) as transaction:
        ids: dict[str, UUID] = {}
        for title, weight in weights.items():
            parent = ids["a"] if title == "b" else None
            stored = await note(transaction, tenant, title, weight=weight, parent_id=parent)
            ids[title] = stored.id
        repository = NoteRepository(transaction)
        b = await repository.get(ids["b"], tenant_id=tenant)
        await repository.update(b, {"size": 9}, tenant_id=tenant)


async def _walk(database: Database, tenant: TenantId, key: SortKey) -> str:
    found, after = "", None
    while True:
        async with database.read(tenant) as transaction:
            request = PageRequest(limit=1, sort=(key,), after=after)
            page = await NoteRepository(transaction).page(request, tenant_id=tenant)
        found += "".join(each.title for each in page.items)
        if page.next is None:
            return found
        # A cursor carries texts; it knows no enums.
        after = tuple(str(v) if isinstance(v, NoteWeight) else v for v in page.next)
