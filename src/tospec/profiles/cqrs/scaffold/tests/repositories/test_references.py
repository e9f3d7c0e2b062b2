"""References of a row that is stored: all of them lead somewhere, or nothing is stored."""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Table, false

from app.core.errors import InvalidReferenceError, SerializationError
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.parameters import NOW
from app.db.references import Named, Reference, References
from app.db.transactions import Transaction
from tests.repositories.notes import (
    LineRepository,
    NoteRepository,
    ScrapRepository,
    TagRepository,
    notes,
    scraps,
)
from tests.repositories.test_entities import note


class Late:
    """Notes, each of which comes to be once a statement has missed it."""

    table: ClassVar[Table] = notes

    def named(self, name: str, visible: ColumnElement[bool]) -> ColumnElement[bool]:
        return false()

    async def existing(
        self, ids: Collection[UUID], *, tenant_id: TenantId, visible: ColumnElement[bool]
    ) -> frozenset[UUID]:
        return frozenset(ids)


async def store_line(
    transaction: Transaction, tenant: TenantId, note_id: UUID, rows: Named | None = None
) -> int:
    values = {"note_id": note_id}
    leading = References(values, Reference("note_id", rows or NoteRepository(transaction)))
    repository = LineRepository(transaction)
    return (await repository.insert(values, tenant_id=tenant, references=leading)).number


async def store_scrap(transaction: Transaction, tenant: TenantId, **values: Any) -> str:
    rows = ScrapRepository(transaction)
    leading = References(
        values,
        Reference("above_id", rows, visible=scraps.c.text != "hidden"),
        Reference("beside_id", rows),
    )
    return (await rows.insert(values, tenant_id=tenant, references=leading)).text


async def test_a_row_is_stored_whose_references_lead_somewhere(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        first = await note(transaction, tenant, "first")
        scrap = await ScrapRepository(transaction).insert({"text": "a"}, tenant_id=tenant)

        assert await store_line(transaction, tenant, first.id) == 1
        assert await store_line(transaction, tenant, first.id) == 2
        below = {"text": "b", "above_id": scrap.id, "beside_id": None}
        assert await store_scrap(transaction, tenant, **below) == "b"


async def test_they_are_asked_for_by_what_stores_it(
    database: Database, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite is asked before")
    async with database.begin(tenant) as transaction:
        first = await note(transaction, tenant, "first")

        async def asked(*_: object, **__: object) -> frozenset[UUID]:
            raise AssertionError

        monkeypatch.setattr(NoteRepository, "existing", asked)
        assert await store_line(transaction, tenant, first.id) == 1
        with pytest.raises(AssertionError):
            await store_line(transaction, tenant, new_id())


async def test_a_row_is_neither_stored_nor_counted_whose_reference_leads_nowhere(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    async with database.begin(other_tenant) as transaction:
        foreign = await note(transaction, other_tenant, "first")
    async with database.begin(tenant) as transaction:
        own = await note(transaction, tenant, "first")
        for missing in (new_id(), foreign.id):
            with pytest.raises(InvalidReferenceError) as refused:
                await store_line(transaction, tenant, missing)
            assert refused.value.missing == (("notes", missing),)
            assert [error.pointer for error in refused.value.errors] == ["#/note_id"]
        assert await store_line(transaction, tenant, own.id) == 1


async def test_every_reference_that_leads_nowhere_is_told(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        rows = ScrapRepository(transaction)
        seen = await rows.insert({"text": "seen"}, tenant_id=tenant)
        gone = await rows.insert({"text": "gone", "deleted_at": NOW}, tenant_id=tenant)
        hidden = await rows.insert({"text": "hidden"}, tenant_id=tenant)
        for above, beside, pointers in (
            (hidden.id, seen.id, ["#/above_id"]),
            (seen.id, gone.id, ["#/beside_id"]),
            (hidden.id, gone.id, ["#/above_id", "#/beside_id"]),
        ):
            with pytest.raises(InvalidReferenceError) as refused:
                await store_scrap(transaction, tenant, text="x", above_id=above, beside_id=beside)
            assert [error.pointer for error in refused.value.errors] == pointers
        below = {"text": "x", "above_id": seen.id, "beside_id": hidden.id}
        assert await store_scrap(transaction, tenant, **below) == "x"


async def test_a_list_of_references_is_asked_for_at_once(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        tags = TagRepository(transaction)
        tag = await tags.insert({"name": "a"}, tenant_id=tenant)
        rows, missing = NoteRepository(transaction), new_id()

        def leading(values: dict[str, Any]) -> References:
            return References(values, Reference("tag_ids", tags), Reference("parent_id", rows))

        values = {"title": "a", "parent_id": None, "tag_ids": (tag.id,)}
        stored = await rows.insert(values, tenant_id=tenant, references=leading(values))
        assert stored.tag_ids == (tag.id,)
        values = {"title": "b", "parent_id": missing, "tag_ids": (tag.id, missing)}
        with pytest.raises(InvalidReferenceError) as refused:
            await rows.insert(values, tenant_id=tenant, references=leading(values))
    assert [error.pointer for error in refused.value.errors] == ["#/tag_ids/1", "#/parent_id"]


async def test_a_row_below_another_one_is_stored_if_that_is_there(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        rows = NoteRepository(transaction)
        above = await note(transaction, tenant, "above")

        def leading(values: dict[str, Any]) -> References:
            return References(values, Reference("parent_id", rows))

        values = {"title": "below", "parent_id": above.id}
        below = await rows.insert(values, tenant_id=tenant, references=leading(values))
        assert below.parent_title == "above"
        values = {"title": "nowhere", "parent_id": new_id()}
        with pytest.raises(InvalidReferenceError):
            await rows.insert(values, tenant_id=tenant, references=leading(values))


async def test_whoever_misses_what_is_there_by_now_may_run_again(
    database: Database, tenant: TenantId
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite is asked before")
    async with database.begin(tenant) as transaction:
        first = await note(transaction, tenant, "first")
        with pytest.raises(SerializationError):
            await store_line(transaction, tenant, first.id, Late())
        assert await store_line(transaction, tenant, first.id) == 1
