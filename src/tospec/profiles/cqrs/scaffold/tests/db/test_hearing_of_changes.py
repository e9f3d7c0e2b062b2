"""Whoever wants to hears of changes, whatever form a statement has and comes to."""

import pytest
from sqlalchemy import Executable, delete, insert, literal, select, text, update

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.statements import Fixed, Touch
from tests.gadgets import gadgets, tenants

type Heard = list[TenantId | None]

# Whether a statement has found any row to change is not known before it is heard of.
ALTERED = update(gadgets).where(gadgets.c.id.is_(None)).values(size=1)
REMOVED = delete(gadgets).where(gadgets.c.id.is_(None))
AMONG_OTHERS = select(literal(1)).add_cte(ALTERED.cte())


@pytest.fixture
def heard(database: Database) -> Heard:
    """Whose gadgets have changed."""
    told: Heard = []
    database.when_changed([gadgets], told.append)
    return told


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("statement", [ALTERED, REMOVED], ids=["update", "delete"])
async def test_a_change_is_heard_of_when_it_has_ended(
    database: Database, tenant: TenantId, heard: Heard, statement: Executable, fixed: bool
) -> None:
    async with database.begin(tenant) as transaction:
        await transaction.execute(Fixed(statement) if fixed else statement)
        assert heard == []

    assert heard == [tenant]


async def test_a_change_that_waits_is_heard_of(
    database: Database, tenant: TenantId, heard: Heard
) -> None:
    async with database.begin(tenant) as transaction:
        transaction.later(Fixed(ALTERED))

    assert heard == [tenant]


async def test_a_change_is_heard_of_although_it_may_have_failed(
    database: Database, tenant: TenantId, heard: Heard
) -> None:
    with pytest.raises(LookupError):
        async with database.begin(tenant) as transaction:
            await transaction.execute(ALTERED)
            raise LookupError

    assert heard == [tenant]


async def test_a_change_of_no_tenant_is_heard_of(database: Database) -> None:
    told: Heard = []
    database.when_changed([tenants], told.append)
    async with database.begin_global() as transaction:
        await transaction.execute(insert(tenants).values(id=new_id()))

    assert told == [None]


async def test_nothing_else_is_heard_of(database: Database, tenant: TenantId, heard: Heard) -> None:
    async with database.begin(tenant) as transaction:
        await transaction.all(select(gadgets))
        await transaction.all(select(gadgets).with_for_update())
        await transaction.all(Fixed(select(gadgets)))
        await transaction.execute(text("SELECT 1"))
    async with database.read(tenant) as transaction:
        await transaction.all(select(gadgets))

    assert heard == []


def test_what_reads_one_table_for_another_changes_the_other() -> None:
    names = select(gadgets.c.name).scalar_subquery()

    assert Touch.of(update(tenants).where(tenants.c.id.in_(select(gadgets.c.id)))).changes == {
        tenants
    }
    assert Touch.of(update(gadgets).values(name=names)).changes == {gadgets}
    assert Touch.of(AMONG_OTHERS).changes == {gadgets}


def test_what_many_places_refer_to_is_looked_at_once() -> None:
    part = select(gadgets.c.id).cte()
    for _ in range(30):
        part = select(part.c.id).union_all(select(part.c.id)).cte()

    touch = Touch.of(select(part))

    assert touch.tables == (gadgets,)
    assert touch.changes == frozenset()
