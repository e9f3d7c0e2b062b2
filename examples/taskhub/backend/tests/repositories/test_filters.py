"""Filters of lists."""

import pytest
from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.db import filters
from app.db.engine import Database
from app.db.subqueries import refers
from app.schemas.page import PageRequest, SortKey
from tests.repositories.notes import NoteRepository, NoteWeight, note_tags, notes, tagged
from tests.repositories.test_entities import note, tag

TITLES = ("alpha", "beta", "gamma", "delta", "epsilon")


async def found(
    database: Database,
    tenant: TenantId,
    condition: ColumnElement[bool],
    sent: object = None,
) -> list[str]:
    request = PageRequest(sort=(SortKey("created_at"),))
    async with database.read(tenant) as transaction:
        page = await NoteRepository(transaction).filtered(
            request, {"it": condition}, {"it": sent}, tenant_id=tenant
        )
    return [each.title for each in page.items]


@pytest.fixture
async def stored(database: Database, tenant: TenantId) -> None:
    async with database.begin(tenant) as transaction:
        for size, title in enumerate(TITLES):
            weight = NoteWeight.HEAVY if size == 1 else None
            await note(transaction, tenant, title, size=size, weight=weight)


@pytest.mark.parametrize(
    ("condition", "sent", "expected"),
    [
        (filters.equal(notes.c.size, "it"), 2, [2]),
        (filters.equal(notes.c.size, "it"), None, [0, 1, 2, 3, 4]),
        (filters.among(notes.c.size, "it"), (1, 3), [1, 3]),
        (filters.among(notes.c.size, "it"), (), [0, 1, 2, 3, 4]),
        (filters.among(notes.c.weight, "it"), (NoteWeight.HEAVY, NoteWeight.LIGHT), [1]),
        (filters.at_least(notes.c.size, "it"), 3, [3, 4]),
        (filters.at_least(notes.c.size, "it"), None, [0, 1, 2, 3, 4]),
        (filters.at_most(notes.c.size, "it"), 1, [0, 1]),
        (filters.at_most(notes.c.size, "it"), None, [0, 1, 2, 3, 4]),
        (filters.before(notes.c.size, "it"), 1, [0]),
        (filters.before(notes.c.size, "it"), None, [0, 1, 2, 3, 4]),
        (filters.truth(notes.c.size > 2, "it"), True, [3, 4]),
        (filters.truth(notes.c.size > 2, "it"), False, [0, 1, 2]),
        (filters.truth(notes.c.weight == NoteWeight.HEAVY, "it"), False, []),
        (filters.truth(notes.c.size > 2, "it"), None, [0, 1, 2, 3, 4]),
    ],
)
@pytest.mark.usefixtures("stored")
async def test_a_filter_that_was_not_sent_holds(
    database: Database,
    tenant: TenantId,
    condition: ColumnElement[bool],
    sent: object,
    expected: list[int],
) -> None:
    assert await found(database, tenant, condition, sent) == [TITLES[at] for at in expected]


async def test_rows_are_found_by_what_they_are_linked_to(
    database: Database, tenant: TenantId
) -> None:
    async with database.begin(tenant) as transaction:
        x, y = [await tag(transaction, tenant, name) for name in "xy"]
        await note(transaction, tenant, "both", tag_ids=[x.id, y.id])
        await note(transaction, tenant, "one", tag_ids=[y.id])
        await note(transaction, tenant, "none")
    linked = filters.linked(note_tags.c.tag_id, "it", refers(note_tags, "note_id", to=notes))

    assert await found(database, tenant, linked, x.id) == ["both"]
    assert await found(database, tenant, linked, y.id) == ["both", "one"]
    assert await found(database, tenant, linked) == ["both", "one", "none"]
    assert await found(database, tenant, tagged("y"), True) == ["both", "one"]
    assert await found(database, tenant, ~tagged("y"), True) == ["none"]
