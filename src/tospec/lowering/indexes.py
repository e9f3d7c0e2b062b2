"""Which indexes a table gets.

Those of the spec; one for each reference; one for each order in which lists can be asked for,
of which a value that may be missing needs one in each direction; one for each stored value
that lists are filtered by, unless another index begins with it; one of the deleted rows that
somebody may restore. Never one for a filter and an
order together but the list's own: their number grows with what lists offer, not with its square.
A filter by a truth value has none, since it leaves too many rows for an index to help.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from tospec.ir.sql import sql_name, sql_text
from tospec.ir.tables import Column, ColumnKind, Index, SqlKey, Unique
from tospec.lowering import naming
from tospec.lowering.fields import column_of
from tospec.model import Entity, FieldType

_RANGES: Final = frozenset(
    (FieldType.INT, FieldType.DECIMAL, FieldType.DURATION, FieldType.TIMESTAMP, FieldType.DATE)
)
"""Types by which lists are narrowed to a range, whose rows come in the order of the value."""

type _Keys = tuple[str | SqlKey, ...]


def indexes_of(entity: Entity, table: str, uniques: Iterable[Unique]) -> tuple[Index, ...]:
    """Return the indexes of an entity's table, the spec's first."""
    wanted: list[_Keys] = [
        tuple(column_name(entity, name) for name in each.fields) for each in entity.indexes
    ]
    led = {each.columns[0] for each in uniques if not each.is_index}
    orders = list(_orders(entity))
    for column in _references(entity):
        if column not in led | _first(wanted) | _first(orders):
            wanted.append((column,))
    known = {*wanted, *(each.columns for each in uniques if not each.is_index)}
    wanted.extend(each for each in orders if each not in known)
    for column in _filtered(entity):
        if column not in led | _first(wanted):
            wanted.append(_within(entity, column))
    return (*(index(table, keys) for keys in wanted), *_of_deleted(entity, table))


def index(table: str, keys: _Keys) -> Index:
    """Return the index of a table by some keys."""
    parts = (key.name if isinstance(key, SqlKey) else key for key in keys)
    return Index(name=naming.shortened(f"ix_{table}_{'_'.join(parts)}"), columns=keys)


def _of_deleted(entity: Entity, table: str) -> Iterator[Index]:
    if entity.restores:
        name = naming.shortened(f"ix_{table}_deleted")
        yield Index(name=name, columns=("created_at", "id"), only_deleted=True)


def column_name(entity: Entity, name: str) -> str:
    """Return the column of a field or relation to one."""
    return name if entity.field(name) else naming.reference_column(name)


def _first(wanted: Iterable[_Keys]) -> set[str | SqlKey]:
    return {keys[0] for keys in wanted}


def _references(entity: Entity) -> Iterator[str]:
    return (naming.reference_column(each.name) for each in entity.relations if not each.many)


def _orders(entity: Entity) -> Iterator[_Keys]:
    """Yield the orders of lists: the list's own first, each below the row that lists hang below."""
    listing = entity.listing
    above = (naming.reference_column(entity.under),) if entity.under else ()
    own = listing.default_sort.removeprefix("-")
    for name in dict.fromkeys((own, *listing.sort)):
        if name and _is_stored(entity, name):
            for keys in _sorted_by(entity, name):
                yield (*above, *keys, *(() if name == "id" else (_tie(keys),)))


def _tie(keys: _Keys) -> str | SqlKey:
    """Return what orders rows that are alike: their ids, in the direction of the order."""
    last = keys[-1]
    is_descending = isinstance(last, SqlKey) and last.sql.endswith(" DESC")
    return SqlKey(name="id", sql="id DESC") if is_descending else "id"


def _sorted_by(entity: Entity, name: str) -> Iterator[_Keys]:
    field = entity.field(name)
    column = column_of(entity, field) if field else None
    nullable = column.nullable if column else _is_optional(entity, name)
    key = _compared(column) if column else column_name(entity, name)
    if not nullable:
        yield (key,)
        return
    named = key if isinstance(key, SqlKey) else SqlKey(name=key, sql=sql_name(key))
    missing = SqlKey(name="missing", sql=f"({named.sql} IS NULL)")
    yield (missing, key)
    yield (missing, replace(named, name=f"{named.name}_desc", sql=f"{named.sql} DESC"))


def _compared(column: Column) -> str | SqlKey:
    """Return what an order compares; an enum's values come in the order of the spec."""
    if column.kind is not ColumnKind.ENUM or column.enum is None:
        return column.name
    ranks = (
        f"WHEN {sql_text(value)} THEN {rank}" for rank, (_, value) in enumerate(column.enum.members)
    )
    sql = f"(CASE {sql_name(column.name)} {' '.join(ranks)} END)"
    return SqlKey(name=f"{column.name}_rank", sql=sql, is_rank=True)


def _filtered(entity: Entity) -> Iterator[str]:
    for name in entity.listing.filter:
        field, relation = entity.field(name), entity.relation(name)
        if (relation and not relation.many) or (field and field.type is not FieldType.BOOL):
            yield column_name(entity, name)


def _within(entity: Entity, column: str) -> _Keys:
    """Return the keys by which rows with one value come in the list's own order."""
    own = entity.listing.default_sort.removeprefix("-")
    field = entity.field(own)
    sorts = field is not None and not column_of(entity, field).nullable
    of = entity.field(column)
    is_one_value = of is None or of.type not in _RANGES
    return (
        (column, own, "id")
        if sorts and is_one_value and own not in {column, "id"}
        else (column, "id")
    )


def _is_optional(entity: Entity, name: str) -> bool:
    relation = entity.relation(name)
    return relation is not None and relation.optional


def _is_stored(entity: Entity, name: str) -> bool:
    return entity.field(name) is not None or entity.relation(name) is not None
