"""Values that databases compute in different words, and their forms in Python."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, case, literal, select

from app.core import text
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.expressions import as_written, lower_ascii, microseconds
from app.db.subqueries import value_of
from app.db.types import ExactDecimal
from tests.conftest import HeldClock
from tests.repositories.notes import notes
from tests.repositories.test_entities import note

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def value(database: Database, tenant: TenantId, expression: Any) -> Any:
    async with database.read(tenant) as transaction:
        return await transaction.scalar(select(expression).where(notes.c.tenant_id == tenant))


async def test_a_stored_instant_counts_as_one_at_hand(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, "a")

    stored = await value(database, tenant, microseconds(notes.c.created_at))
    at_hand = await value(database, tenant, microseconds(clock.now()))
    assert stored == at_hand == (clock.now() - EPOCH) // timedelta(microseconds=1)


def read(value: str) -> ColumnElement[Any]:
    """Return a decimal as a subquery reads it."""
    decimal = literal(Decimal(value), ExactDecimal(8, 2))
    return value_of(notes, decimal, notes.c.size == 7)


@pytest.mark.parametrize(
    ("expected", "compared"),
    [
        (False, read("10.00") < Decimal("9.00")),
        (True, read("10.00") > read("9.00")),
        (True, read("10.00") == Decimal(10)),
        (True, as_written(case((read("10.00") > 9, "a"), else_="b")) == "a"),
        (True, as_written(case((read("1.00") > 9, "a"), else_="b")) == "b"),
        (True, lower_ascii(as_written(case((read("10.00") > 9, "A"), else_="b"))) == "a"),
    ],
)
async def test_decimals_that_are_read_elsewhere_compare_by_value(
    database: Database, tenant: TenantId, expected: bool, compared: ColumnElement[bool]
) -> None:
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, "a")

    assert bool(await value(database, tenant, compared)) is expected


async def test_lengths_of_time_add_up(
    database: Database, tenant: TenantId, clock: HeldClock
) -> None:
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, "a")
    later = microseconds(notes.c.created_at) + microseconds(timedelta(days=1, microseconds=1))

    clock.move(days=1)
    assert await value(database, tenant, later > microseconds(clock.now()))
    assert not await value(database, tenant, later > microseconds(clock.now() + timedelta(1)))
    assert await value(database, tenant, later > microseconds(None)) is None


@pytest.mark.parametrize("written", ["ABC xyz", "Äß Ω İ", "100%_\\"])
async def test_lower_case_is_the_same_in_the_database(
    database: Database, tenant: TenantId, written: str
) -> None:
    async with database.begin(tenant) as transaction:
        await note(transaction, tenant, written)
    expected = text.lower_ascii(written)
    assert await value(database, tenant, lower_ascii(notes.c.title)) == expected
    assert expected[0] == (written[0].lower() if written[0].isascii() else written[0])


@pytest.mark.parametrize(
    ("written", "expected"),
    [("Ärger & Co.", "arger-co"), ("  a--b ", "a-b"), ("日本", ""), ("", ""), ("R2-D2", "r2-d2")],
)
def test_a_slug_has_words_of_letters_and_digits(written: str, expected: str) -> None:
    assert text.slug(written) == expected
