"""Statements that are written once, and asked with values."""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, insert, literal, select
from sqlalchemy.dialects import sqlite

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.parameters import (
    CALLER_ID,
    CALLER_ROLE,
    NOW,
    ROW,
    TENANT,
    gathered,
    given,
    one_of,
    parameter,
)
from app.db.statements import Fixed, Statements
from app.db.subqueries import value_of
from app.db.transactions import Transaction
from app.db.types import UtcDateTime
from tests.conftest import HeldClock
from tests.repositories.notes import NoteWeight, notes, tags


@pytest.fixture
async def transaction(database: Database, tenant: TenantId) -> AsyncIterator[Transaction]:
    """A transaction in which there are three notes."""
    async with database.begin(tenant) as transaction:
        for title, weight in (("c", NoteWeight.HEAVY), ("a", NoteWeight.LIGHT), ("b", None)):
            await add(transaction, title, weight)
        yield transaction


@pytest.fixture
def tenant_of(tenant: TenantId) -> dict[str, object]:
    return given(tenant)


async def add(transaction: Transaction, title: str, weight: NoteWeight | None = None) -> UUID:
    now, note_id = transaction.now, new_id()
    values = {"id": note_id, "tenant_id": transaction.tenant_id, "title": title, "weight": weight}
    times = {"version": 1, "created_at": now, "updated_at": now}
    await transaction.execute(insert(notes).values(values | times))
    return note_id


async def titles(
    transaction: Transaction, condition: ColumnElement[bool], values: dict[str, object]
) -> list[str]:
    """Return the titles that a statement finds, both written once and written each time."""
    found = select(notes.c.title).where(notes.c.tenant_id == TENANT, condition)
    ordered = found.order_by(notes.c.title)
    first = [row.title for row in await transaction.all(ordered, values)]
    again = [row.title for row in await transaction.all(Fixed(ordered), values)]
    assert first == again
    return first


def test_a_statement_is_written_once_for_a_dialect() -> None:
    fixed = Fixed(select(notes.c.id).where(notes.c.title == parameter("title", notes.c.title)))
    statements = Statements(sqlite.dialect())
    plan = fixed.plan(statements.dialect)
    for title in ("a", "b"):
        ready = statements.ready(fixed, {"given.title": title})
        assert (fixed.plan(statements.dialect), list(ready.values)) == (plan, [title])


@pytest.mark.parametrize("fixed", [False, True])
async def test_a_value_that_is_not_given_is_never_null(
    transaction: Transaction, tenant_of: dict[str, object], fixed: bool
) -> None:
    asked = select(notes.c.id).where(notes.c.tenant_id == TENANT, notes.c.id == ROW)
    statement = Fixed(asked) if fixed else asked
    with pytest.raises(KeyError):
        await transaction.all(statement, {"row.id": new_id()})
    assert await transaction.all(statement, tenant_of) == []


async def test_nobody_calls_unless_the_transaction_was_opened_for_them(
    database: Database, tenant: TenantId
) -> None:
    class Someone:
        user_id = new_id()
        role = "member"

    asked = Fixed(select(CALLER_ID, CALLER_ROLE))
    async with database.read(tenant, caller=Someone()) as transaction:
        assert tuple(await transaction.one(asked)) == (Someone.user_id, Someone.role)
    async with database.read(tenant) as transaction:
        with pytest.raises(KeyError):
            await transaction.one(asked)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], []),
        ([NoteWeight.HEAVY], ["c"]),
        ((NoteWeight.LIGHT, NoteWeight.HEAVY), ["a", "c"]),
        ({"light", "middling"}, ["a"]),
    ],
)
async def test_one_of_several_members(
    transaction: Transaction,
    tenant_of: dict[str, object],
    wanted: Collection[str],
    found: list[str],
) -> None:
    values = tenant_of | {"given.weights": wanted}
    assert await titles(transaction, one_of(notes.c.weight, "weights"), values) == found


async def test_one_of_several_ids(transaction: Transaction, tenant_of: dict[str, object]) -> None:
    first, second = await add(transaction, "d"), await add(transaction, "e")
    condition = one_of(notes.c.id, "ids")
    for ids, found in (
        ([first, second, new_id()], ["d", "e"]),
        ({second}, ["e"]),
        (frozenset(), []),
    ):
        assert await titles(transaction, condition, tenant_of | {"given.ids": ids}) == found
    every = ["a", "b", "c", "d", "e"]
    assert await titles(transaction, ~condition, tenant_of | {"given.ids": []}) == every


async def test_a_text_among_texts_that_look_like_sql(
    transaction: Transaction, tenant_of: dict[str, object]
) -> None:
    odd = "'); DROP TABLE notes; -- \" ] , null"
    await add(transaction, odd)
    condition = one_of(notes.c.title, "titles")
    values = tenant_of | {"given.titles": [odd, "a"]}
    assert await titles(transaction, condition, values) == sorted([odd, "a"])


@pytest.mark.parametrize(
    ("instant", "moved"),
    [
        (NOW, timedelta()),
        (NOW - timedelta(days=1), timedelta(days=-1)),
        (NOW + timedelta(hours=1) - timedelta(microseconds=1), timedelta(hours=1, microseconds=-1)),
        (timedelta(weeks=9) + NOW, timedelta(weeks=9)),
        (NOW + timedelta(days=1) - timedelta(days=1), timedelta()),
    ],
)
async def test_the_instant_is_moved_before_it_is_sent(
    transaction: Transaction,
    tenant_of: dict[str, object],
    instant: ColumnElement[Any],
    moved: timedelta,
) -> None:
    assert await transaction.scalar(Fixed(select(instant))) == transaction.now + moved
    later = await titles(transaction, notes.c.created_at >= instant, tenant_of)
    assert bool(later) == (moved <= timedelta())


async def test_several_instants_in_one_statement(
    transaction: Transaction, clock: HeldClock
) -> None:
    day = timedelta(days=1)
    asked = select(NOW - day, NOW, NOW + day, NOW - day, literal(clock.now(), UtcDateTime()))
    for statement in (asked, Fixed(asked)):
        row = await transaction.one(statement)
        now = transaction.now
        assert tuple(row) == (now - day, now, now + day, now - day, now)


async def test_a_column_that_is_not_named_has_its_default(
    transaction: Transaction, tenant_of: dict[str, object]
) -> None:
    columns = ("id", "title", "version", "created_at", "updated_at")
    named = {name: parameter(name, notes.c[name]) for name in columns}
    stored = insert(notes).values({"tenant_id": TENANT, **named}).returning(notes.c.size)
    now = transaction.now
    rest = {"given.version": 1, "given.created_at": now, "given.updated_at": now}
    for title, statement in (("d", stored), ("e", Fixed(stored))):
        values = tenant_of | rest | {"given.id": new_id(), "given.title": title}
        assert await transaction.scalar(statement, values) == notes.c.size.default.arg


async def test_values_of_many_rows_are_one_sorted_value(
    transaction: Transaction, tenant_of: dict[str, object]
) -> None:
    own = notes.c.tenant_id == TENANT
    some = value_of(notes, gathered(notes.c.title), own, notes.c.title != "b")
    every = value_of(notes, gathered(notes.c.id), own)
    none = value_of(tags, gathered(tags.c.id), tags.c.name == "no such tag")
    row = await transaction.one(
        select(some.label("some"), every.label("every"), none.label("none")), tenant_of
    )
    ids = [each.id for each in await transaction.all(select(notes.c.id).where(own), tenant_of)]
    assert (row.some, row.none) == (("a", "c"), ())
    assert row.every == tuple(sorted(ids))


async def test_rows_know_their_values_by_name_and_by_place(
    transaction: Transaction, tenant_of: dict[str, object]
) -> None:
    columns = select(notes.c.title, notes.c.weight.label("heft"), notes.c.created_at)
    found = columns.where(notes.c.tenant_id == TENANT, notes.c.title == "a")
    row = await transaction.one(found, tenant_of)
    title, heft, created_at = row
    assert (title, heft, created_at) == ("a", NoteWeight.LIGHT, transaction.now)
    assert (row.title, row.heft, row.created_at) == (row[0], row[1], row[2])
    assert row._asdict() == {"title": title, "heft": heft, "created_at": created_at}


async def test_a_statement_that_finds_no_row(transaction: Transaction) -> None:
    nothing = select(notes.c.id, notes.c.title).where(notes.c.title == "no such title")
    assert await transaction.one_or_none(nothing) is None
    assert await transaction.scalar(nothing) is None
    assert list(await transaction.all(nothing)) == []
    with pytest.raises(LookupError):
        await transaction.one(nothing)
