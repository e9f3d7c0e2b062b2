"""Numbers without gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from app.db.insertions import inserting
from app.db.parameters import TENANT, parameter
from app.db.statements import Fixed, Parameters
from app.db.transactions import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A column that numbers rows, from 1 and without gaps.

    Attributes:
        column: Its name.
        table: A table made by `app.db.links.counter_table`, whose key the rows have as well.
    """

    column: str
    table: Table


async def next_number(transaction: Transaction, counters: Table, values: Parameters) -> int:
    """Count one on and return the number.

    The counter is locked until the transaction ends, and falls back with it: no number is
    given out twice, and none is lost.

    Args:
        transaction: In which the number is used.
        counters: A table made by `app.db.links.counter_table`.
        values: Of the parameters `TENANT` and those of the counter's other columns.
    """
    number: int = await transaction.scalar(_next(counters, transaction.dialect), values)
    return number


def number_within(
    counters: Table, required: Sequence[ColumnElement[bool]] = ()
) -> ColumnElement[int]:
    """Return the next number, counted as in `next_number` by the statement that stores it.

    Of the databases, PostgreSQL alone lets one statement write to two tables.

    Args:
        counters: A table made by `app.db.links.counter_table`.
        required: What must hold, or nothing is counted and there is no number.
    """
    counted = _counted(counters, postgresql.insert, required).cte()
    return select(counted.c.last_number).scalar_subquery()


@lru_cache(maxsize=64)
def _next(counters: Table, dialect: str) -> Fixed:
    return Fixed(_counted(counters, sqlite.insert if dialect == "sqlite" else postgresql.insert))


def _counted(
    counters: Table, insert: Any, required: Sequence[ColumnElement[bool]] = ()
) -> ReturningInsert[Any]:
    names = [column.name for column in counters.primary_key]
    key = {name: parameter(name, counters.c[name]) for name in names} | {"tenant_id": TENANT}
    first: Any = inserting(insert(counters), {**key, "last_number": literal(1)}, required)
    counted: Insert = first.on_conflict_do_update(
        index_elements=names, set_={"last_number": counters.c.last_number + 1}
    )
    return counted.returning(counters.c.last_number)
