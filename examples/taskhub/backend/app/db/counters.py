"""Numbers without gaps."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.db.engine import Transaction


async def next_number(transaction: Transaction, counters: Table, key: Mapping[str, UUID]) -> int:
    """Count one on and return the number, from 1.

    The counter is locked until the transaction ends, and falls back with it: no number is
    given out twice, and none is lost.

    Args:
        transaction: In which the number is used.
        counters: A table made by `app.db.links.counter_table`.
        key: The counter's columns and their values, the tenant among them.
    """
    insert: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    counted = insert(counters).values({**key, "last_number": 1})
    counted = counted.on_conflict_do_update(
        index_elements=list(key), set_={"last_number": counters.c.last_number + 1}
    )
    number: int = await transaction.scalar(counted.returning(counters.c.last_number))
    return number
