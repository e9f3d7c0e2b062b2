"""Pages of lists: in which order, after which row, how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Enum,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    false,
    literal,
    or_,
    select,
    true,
)

from app.schemas.page import MAX_LIMIT, PageRequest, SortKey, SortValue

LIMIT: Final = bindparam("page.limit", type_=Integer())
NO_VALUES: Final[Mapping[str, object]] = {}

type Begun = tuple[bool, ...] | None
"""Of the row that a page comes after, which of the values it is sorted by are NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One of the values that a list is sorted by.

    Attributes:
        place: Its place among them.
        value: What is compared.
        descending: Whether the greatest comes first; NULL comes last all the same.
        nullable: Whether it may be NULL.
    """

    place: int
    value: ColumnElement[Any]
    descending: bool
    nullable: bool

    @property
    def clauses(self) -> tuple[ColumnElement[Any], ...]:
        """Return what stands in ORDER BY."""
        direction = self.value.desc() if self.descending else self.value.asc()
        return (self.value.is_(None), direction) if self.nullable else (direction,)

    def equal(self, *, null: bool) -> ColumnElement[bool]:
        """Hold where the value is that of the row before."""
        return self.value.is_(None) if null else self.value == self._last

    def beyond(self, *, null: bool) -> ColumnElement[bool]:
        """Hold where the value comes after that of the row before."""
        if null:
            return false()
        further = self.value < self._last if self.descending else self.value > self._last
        return or_(further, self.value.is_(None)) if self.nullable else further

    def not_before(self, *, null: bool) -> ColumnElement[bool]:
        """Return what follows from `beyond`: an index begins there, and not at the top."""
        if null or self.nullable:
            return self.value.is_(None) if null else true()
        return self.value <= self._last if self.descending else self.value >= self._last

    @property
    def _last(self) -> ColumnElement[Any]:
        return bindparam(_name(self.place), type_=self.value.type)


def orders(
    table: Table, sort: Sequence[SortKey], values: Mapping[str, ColumnElement[Any]]
) -> list[Order]:
    """Return how a list is sorted by the keys `sort`.

    Args:
        table: Holds the rows.
        sort: Names of columns, or of `values`.
        values: What else a list is sorted by; it may be NULL.
    """
    return [
        Order(
            place=place,
            value=values[key.column] if key.column in values else _ranked(table.c[key.column]),
            descending=key.descending,
            nullable=key.column in values or bool(table.c[key.column].nullable),
        )
        for place, key in enumerate(sort)
    ]


def begun(request: PageRequest) -> Begun:
    """Return what a statement must know of the row that the page comes after."""
    return None if request.after is None else tuple(value is None for value in request.after)


def beyond(orders: Sequence[Order], nulls: tuple[bool, ...]) -> ColumnElement[bool]:
    """Return the condition that a row comes after another one.

    Args:
        orders: How the list is sorted.
        nulls: Which of the other row's values are NULL.
    """
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for order, null in zip(orders, nulls, strict=True):
        alternatives.append(and_(*equal, order.beyond(null=null)))
        equal.append(order.equal(null=null))
    return and_(orders[0].not_before(null=nulls[0]), or_(*alternatives))


def first(rows: Select[Any]) -> Select[Any]:
    """Return the first of `rows`, as many as `bounds` says.

    PostgreSQL keeps a plan for all calls only if it is about as good as one made for the call
    at hand. Of a parameter it does not know how small it is, and would rather sort all rows than
    begin in an index, so that it planned each call anew; of the number within, it knows.
    """
    most = rows.limit(literal(MAX_LIMIT + 1, literal_execute=True))
    return select(most.subquery()).limit(LIMIT)


def bounds(table: Table, sort: Sequence[SortKey], request: PageRequest) -> dict[str, Any]:
    """Return the values of the parameters of a page; one row more tells whether it is the last."""
    after = zip(sort, request.after or (), strict=request.after is not None)
    last = {
        _name(place): _compared(table, key.column, value)
        for place, (key, value) in enumerate(after)
    }
    return {LIMIT.key: request.limit + 1, **last}


def _name(place: int) -> str:
    return f"after.{place}"


def _compared(table: Table, name: str, value: SortValue) -> SortValue:
    members = _members_of(table.c[name]) if name in table.c else []
    return members.index(str(value)) if members and value is not None else value


def _ranked(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what is compared of a column; an enum sorts as it was declared."""
    members = _members_of(column)
    if not members:
        return column
    # Written out rather than bound: an index on the rank holds the very same words.
    ranks = {
        literal(member, String(), literal_execute=True): literal(rank, literal_execute=True)
        for rank, member in enumerate(members)
    }
    return case(ranks, value=column)


def _members_of(column: ColumnElement[Any]) -> list[str]:
    kind = column.type
    return list(kind.enums) if isinstance(kind, Enum) else []
