"""What a row has to do with rows of other tables, as correlated subqueries.

Each subquery names the table that it reads; every other table in it belongs to the
statement around it, however deep it stands. The table read is an alias of its own, so a
table may occur in a subquery and around it.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, select

from app.db.expressions import by_value


def refers(row: FromClause, column: str, *, to: FromClause) -> ColumnElement[bool]:
    """Hold where `column` of `row` is the id of the row `to` of the same tenant."""
    return and_(to.c.tenant_id == row.c.tenant_id, to.c.id == row.c[column])


def value_of(
    row: FromClause, value: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Return `value` of the one row of `row` for which `conditions` hold; NULL if none does."""
    found = select(value).select_from(row).where(*conditions)
    return by_value(found.correlate_except(row).scalar_subquery())


def count_of(row: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return for how many rows of `row` all `conditions` hold."""
    return value_of(row, func.count(), *conditions)


def any_of(row: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hold where all `conditions` hold for some row of `row`."""
    found = select(literal(1)).select_from(row).where(*conditions)
    return found.correlate_except(row).exists()
