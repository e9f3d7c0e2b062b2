"""Measures of related rows, as correlated subqueries; NULL where no row has the value.

Both databases work them out from whole numbers in the same steps, so that both agree.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Subquery,
    cast,
    func,
    select,
    type_coerce,
)

from app.db.expressions import by_value
from app.db.types import Duration


def min_of(
    row: FromClause, value: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Return the least `value` of the rows of `row` for which all `conditions` hold."""
    values = _values(row, value, *conditions)
    return by_value(select(func.min(values.c.value)).scalar_subquery())


def max_of(
    row: FromClause, value: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Return the greatest `value` of the rows of `row` for which all `conditions` hold."""
    values = _values(row, value, *conditions)
    return by_value(select(func.max(values.c.value)).scalar_subquery())


def sum_of(
    row: FromClause, value: ColumnElement[int], *conditions: ColumnElement[bool]
) -> ColumnElement[int]:
    """Return the sum of `value` over the rows of `row` for which all `conditions` hold."""
    values = _values(row, value, *conditions)
    return select(cast(func.sum(values.c.value), BigInteger)).scalar_subquery()


def median_of(
    row: FromClause, value: ColumnElement[int], *conditions: ColumnElement[bool]
) -> ColumnElement[int]:
    """Return the median of `value` over the rows of `row` for which all `conditions` hold.

    Of an even number of values it lies halfway between the two in the middle, rounded down.
    """
    # SQLAlchemy divides whole numbers by the database's own division, if it knows them for such.
    values = _values(row, type_coerce(value, BigInteger()), *conditions)
    place = func.row_number().over(order_by=values.c.value).label("place")
    total = func.count().over().label("total")
    known = values.c.value.is_not(None)
    ranked = select(values.c.value, place, total).where(known).subquery()
    # The middle one twice, or the two in the middle.
    places = [(ranked.c.total + 1) // 2, (ranked.c.total + 2) // 2]
    low, high = func.min(ranked.c.value), func.max(ranked.c.value)
    middle = select(low + (high - low) // 2).where(ranked.c.place.in_(places))
    return middle.scalar_subquery()


def as_duration(microseconds: ColumnElement[int]) -> ColumnElement[Any]:
    """Return a number of microseconds as the length of time that it stands for."""
    return type_coerce(microseconds, Duration())


def _values(
    row: FromClause, value: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> Subquery:
    # A table of its own: a database takes the sum of what only the statement around it knows for
    # a sum of that statement.
    found = select(value.label("value")).select_from(row).where(*conditions)
    return found.correlate_except(row).subquery()
