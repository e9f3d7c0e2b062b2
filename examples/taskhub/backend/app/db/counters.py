"""Numbers without gaps."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction


async def next_number(transaction: Transaction, counters: Table, key: Mapping[str, UUID]) -> int:
    """Count one on and return the number, from 1.

    The counter is locked until the transaction ends, and falls back with it: no number is
    given out twice, and none is lost.

    Args:
        transaction: In which the number is used.
        counters: A table made by `app.db.links.counter_table`.
        key: The counter's columns and their values, the tenant among them.
    """
    counted = _counted(counters, transaction.dialect)
    number: int = await transaction.scalar(counted, named(key))
    return number


@lru_cache(maxsize=64)
def _counted(counters: Table, dialect: str) -> Fixed:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    names = [column.name for column in counters.primary_key]
    key = {name: parameter(name, counters.c[name]) for name in names}
    counted = insert(counters).values({**key, "last_number": 1})
    counted = counted.on_conflict_do_update(
        index_elements=names, set_={"last_number": counters.c.last_number + 1}
    )
    return Fixed(counted.returning(counters.c.last_number))
