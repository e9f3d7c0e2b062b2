"""What a row has to do with rows of other tables, as correlated subqueries.

Each subquery names the table that it reads; every other table in it belongs to the
statement around it, however deep it stands. The table read is an alias of its own, so a
table may occur in a subquery and around it.
"""

from collections.abc import Collection, Iterator
from operator import eq
from typing import Any

from sqlalchemy import (
    Alias,
    BinaryExpression,
    BooleanClauseList,
    Column,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    func,
    literal,
    select,
)
from sqlalchemy.sql.operators import and_ as conjunction
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

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


def of_row(value: ColumnElement[Any], table: Table, row: FromClause) -> ColumnElement[Any]:
    """Return `value`, a value of a row of `table`, as that of `row`, which has its columns."""

    def moved(element: Any, **_: Any) -> Any:
        is_of_row = isinstance(element, Column) and element.table is table
        return row.c[element.name] if is_of_row else None

    told: ColumnElement[Any] = replacement_traverse(value, {}, moved)
    return told


def reads_other_rows(
    value: ExternallyTraversible,
    row: Table,
    trees: Collection[str],
    others: frozenset[Alias] = frozenset(),
) -> bool:
    """Return whether no subquery of `value` can find the very row that it is a value of.

    Whoever is below or above a row in a tree is another one. Of any other way back to the table
    it is not known where it leads.

    Args:
        value: A value of the row, or a part of one.
        row: The row's table.
        trees: Columns by which its rows form trees.
        others: Aliases that are known to be other rows.
    """
    if isinstance(value, Select):
        found = {
            each
            for each in value.get_final_froms()
            if isinstance(each, Alias) and each.element is row
        }
        held = list(_held(value.whereclause))
        if any(not _leads_away(each, row, trees, held) for each in found - others):
            return False
        others |= found
    return all(reads_other_rows(part, row, trees, others) for part in value.get_children())


def _held(condition: ColumnElement[bool] | None) -> Iterator[ColumnElement[bool]]:
    """Yield what all must hold for `condition` to hold."""
    if isinstance(condition, BooleanClauseList) and condition.operator is conjunction:
        for part in condition.clauses:
            yield from _held(part)
    elif condition is not None:
        yield condition


def _leads_away(
    other: Alias, row: Table, trees: Collection[str], held: Collection[ColumnElement[bool]]
) -> bool:
    steps = [
        {id(lower.c[column]), id(upper.c.id)}
        for column in trees
        for lower, upper in ((other, row), (row, other))
    ]
    return any(
        isinstance(each, BinaryExpression)
        and each.operator is eq
        and {id(each.left), id(each.right)} in steps
        for each in held
    )
