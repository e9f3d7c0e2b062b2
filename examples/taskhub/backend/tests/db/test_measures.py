"""Measures of related rows: null, one, some, and values that do not divide."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, select

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.expressions import microseconds
from app.db.measures import as_duration, max_of, median_of, min_of, sum_of
from app.db.subqueries import refers
from app.repositories.entities import EntityRepository
from tests.gadgets import Gadget, gadgets

PART = gadgets.alias()
OF_THE_WHOLE = refers(PART, "parent_id", to=gadgets)


class Gadgets(EntityRepository[Gadget]):
    table = gadgets
    model = Gadget


async def whole(database: Database, tenant: TenantId, *sizes: int | None) -> UUID:
    """Store a gadget with parts of these sizes, and return its id."""
    async with database.begin(tenant) as transaction:
        repository = Gadgets(transaction)
        made = await repository.insert({"name": new_id().hex}, tenant_id=tenant)
        for size in sizes:
            values = {"name": new_id().hex, "size": size, "parent_id": made.id}
            await repository.insert(values, tenant_id=tenant)
        return made.id


async def measured[T](
    database: Database, tenant: TenantId, gadget: UUID, measure: ColumnElement[T]
) -> T:
    """Return a measure of the parts of a gadget."""
    async with database.read(tenant) as transaction:
        value: T = await transaction.scalar(select(measure).where(gadgets.c.id == gadget))
        return value


@pytest.mark.parametrize(
    ("sizes", "median"),
    [
        ([], None),
        ([None], None),
        ([7], 7),
        ([1, 100], 50),
        ([1, 2], 1),
        ([-1, -2], -2),
        ([5, None, 1, 9, None], 5),
        ([4, 1, 3, 2], 2),
        ([3, 3, 3, 10], 3),
    ],
)
async def test_the_median_lies_in_the_middle(
    database: Database, tenant: TenantId, sizes: list[int | None], median: int | None
) -> None:
    gadget = await whole(database, tenant, *sizes)
    await whole(database, tenant, 1000, 2000)

    found = median_of(PART, PART.c.size, OF_THE_WHOLE)

    assert await measured(database, tenant, gadget, found) == median


async def test_only_rows_that_meet_the_conditions_are_measured(
    database: Database, tenant: TenantId
) -> None:
    gadget = await whole(database, tenant, 1, 2, 30, 40)

    found = median_of(PART, PART.c.size, OF_THE_WHOLE, PART.c.size > 2)

    assert await measured(database, tenant, gadget, found) == 35


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((), (None, None, None)), ((4,), (4, 4, 4)), ((3, None, -5, 8), (-5, 8, 6))],
)
async def test_least_greatest_and_sum(
    database: Database,
    tenant: TenantId,
    sizes: tuple[int | None, ...],
    expected: tuple[object, ...],
) -> None:
    gadget = await whole(database, tenant, *sizes)

    found = [
        await measured(database, tenant, gadget, measure(PART, PART.c.size, OF_THE_WHOLE))
        for measure in (min_of, max_of, sum_of)
    ]

    assert tuple(found) == expected


async def test_lengths_of_time_are_measured_to_the_microsecond(
    database: Database, tenant: TenantId
) -> None:
    gadget = await whole(database, tenant, 1, 2)
    length = microseconds(PART.c.created_at) - microseconds(gadgets.c.created_at) + PART.c.size

    found = as_duration(median_of(PART, length, OF_THE_WHOLE))

    assert await measured(database, tenant, gadget, found) == timedelta(microseconds=1)
