"""The order in which a list has to show rows, worked out without the database."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID


def in_order(rows: Iterable[Any], order: str) -> list[UUID]:
    """Return the ids of `rows` in an order such as `name` or `-created_at`.

    Rows without the value come last either way, and rows that are equal in it are in the
    order of their ids, in the same direction.
    """
    name, descending = order.removeprefix("-"), order.startswith("-")
    by_id = sorted(rows, key=lambda row: row.id, reverse=descending)
    known = [row for row in by_id if getattr(row, name) is not None]
    missing = [row for row in by_id if getattr(row, name) is None]
    # A sort that is reversed keeps equal rows as they are.
    known.sort(key=lambda row: _rank(getattr(row, name)), reverse=descending)
    return [row.id for row in (*known, *missing)]


def _rank(value: Any) -> Any:
    return list(type(value)).index(value) if isinstance(value, StrEnum) else value
