"""Many rows in a table, made in the database from the few that there are."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Enum,
    Integer,
    String,
    Subquery,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    type_coerce,
)

from app.core.ids import TenantId
from app.db.metadata import FIELDS
from app.db.types import UtcDateTime

_MISSING: Final = 5


def can_grow(table: Table) -> bool:
    """Return whether each key of `table` has a member of which there are many."""
    kinds = (String, Integer, BigInteger)
    return all(
        any(isinstance(table.c[name].type, kinds) and not _is_choice(table.c[name]) for name in key)
        for key in _keys(table)
    )


def grow(connection: Connection, table: Table, tenant_id: TenantId, rows: int) -> None:
    """Copy the tenant's rows of `table`, in turns, until there are about `rows` more.

    Texts and what no two rows share are new in each, times go back second by second, and what
    has few values takes turns; the rest is as in the row that was copied.
    """
    present = select(func.count()).where(table.c.tenant_id == tenant_id)
    row = _numbered(table, tenant_id, rows // connection.execute(present).scalar_one() + 1)
    first = _first(rows)
    keys = tuple(_keys(table))
    unshared = frozenset(name for key in keys for name in key)
    dialect = connection.dialect.name
    values = {each.name: _value(each, row, unshared, first, dialect) for each in table.c}
    # A random text may begin with the very number that its copy would get.
    new = [or_(*(values[name] != row.c[name] for name in key)) for key in keys]
    copies = select(*values.values()).where(true(), *new)
    connection.execute(insert(table).from_select(list(values), copies))


def link(connection: Connection, links: Table, to: Table, tenant_id: TenantId) -> None:
    """Let `links` say of every row of `to` what it says of one."""
    own = next(key.parent.name for key in links.foreign_keys if key.column is to.c.id)
    first = select(links).where(links.c.tenant_id == tenant_id).limit(1).subquery()
    values = [to.c.id if each.name == own else first.c[each.name] for each in links.c]
    linked = select(links.c[own]).where(links.c.tenant_id == tenant_id)
    every = select(*values).select_from(to.join(first, true()))
    every = every.where(to.c.tenant_id == tenant_id, to.c.id.not_in(linked))
    connection.execute(insert(links).from_select(list(links.c), every))


def _keys(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the columns that no two rows of a tenant share."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and "id" not in constraint.columns:
            yield tuple(c.name for c in constraint.columns if c.name != "tenant_id")
    yield from (tuple(each.info[FIELDS]) for each in table.indexes if each.unique)


def _numbered(table: Table, tenant_id: TenantId, times: int) -> Subquery:
    counted = select(literal(1).label("number")).cte("counted", recursive=True)
    following = select(counted.c.number + 1).where(counted.c.number < times)
    counted = counted.union_all(following)
    number = func.row_number().over(order_by=counted.c.number).label("row_number")
    found = select(*table.c, number).select_from(table.join(counted, true()))
    return found.where(table.c.tenant_id == tenant_id).subquery()


def _first(rows: int) -> int:
    """Return a number from which on so many have as many digits.

    Followed by the rest of a text, numbers of several lengths may come to the same text.
    """
    return int(10 ** (len(str(2 * rows)) - 1))


def _value(
    of: Column[Any], row: Subquery, keys: frozenset[str], first: int, dialect: str
) -> ColumnElement[Any]:
    number, old = row.c.row_number, row.c[of.name]
    if of.primary_key:
        return _new_id(dialect)
    if isinstance(of.type, UtcDateTime) and of.name != "deleted_at":
        return _earlier(row, of, dialect)
    if isinstance(of.type, Enum):
        members = enumerate(of.type.enums)
        turns = {place: literal(member, String()) for place, member in members}
        return case(turns, value=number % len(turns))
    if isinstance(of.type, Boolean):
        return number % 2 == 0
    if isinstance(of.type, String):
        digits: ColumnElement[str] = cast(number + first, String)
        digits = digits if of.name in keys else func.substr(digits, 1, func.length(old))
        return digits.concat(func.substr(old, func.length(digits) + 1))
    return old + number + first if of.name in keys and not isinstance(of.type, Uuid) else old


def _is_choice(column: Column[Any]) -> bool:
    return isinstance(column.type, Enum | Boolean)


def _new_id(dialect: str) -> ColumnElement[Any]:
    if dialect == "sqlite":
        return type_coerce(func.lower(func.hex(func.randomblob(16))), String())
    return func.gen_random_uuid()


def _earlier(row: Subquery, of: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Return an earlier time for each row; none for some, if a row may be without."""
    number, old = row.c.row_number, row.c[of.name]
    if of.nullable:
        old = func.coalesce(old, row.c.created_at)
    if dialect == "sqlite":
        seconds = literal("-").concat(cast(number, String)).concat(" seconds")
        time: ColumnElement[Any] = func.strftime("%Y-%m-%d %H:%M:%S.000000", old, seconds)
    else:
        time = old - func.make_interval(0, 0, 0, 0, 0, 0, number)
    time = type_coerce(time, String())
    return case((number % _MISSING > 0, time)) if of.nullable else time
