"""The rows that plans are made for are many, whatever the few begin with."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    create_engine,
    func,
    insert,
    select,
)

from app.core.ids import TenantId, new_id
from tests.plans.growth import grow

LETTERS = Table(
    "letters",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("code", String(12), nullable=False),
    UniqueConstraint("tenant_id", "code"),
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection to a database that has the table."""
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        LETTERS.create(opened)
        yield opened
    engine.dispose()


@pytest.mark.parametrize(("code", "copies"), [("abcdefghijkl", 501), ("1007efghijkl", 500)])
def test_a_text_that_begins_with_the_number_of_a_copy(
    connection: Connection, code: str, copies: int
) -> None:
    tenant_id = TenantId(new_id())
    row = {"id": new_id(), "tenant_id": tenant_id, "code": code}
    connection.execute(insert(LETTERS).values(row))
    grow(connection, LETTERS, tenant_id, 500)
    count = select(func.count()).select_from(LETTERS)
    assert connection.execute(count).scalar_one() == 1 + copies
