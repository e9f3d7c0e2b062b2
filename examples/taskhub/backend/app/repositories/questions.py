"""Data access for jobs that ask about rows: which rows, and what is asked about each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, select, true

from app.core.ids import TenantId
from app.db.parameters import TENANT, given, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.repositories.asking import STATEMENTS_KEPT

AT_ONCE: Final = 100
"""How many rows are found at once, unless they are the last."""
_FIRST: Final = UUID(int=0)


class Questions:
    """What jobs ask about the rows of one table, of one tenant at a time.

    Args:
        transaction: In which rows are read.
        table: Whose rows.
        condition: Which of them are meant.
        values: What is asked about each, by name: expressions over its row, or constants.
    """

    def __init__(
        self,
        transaction: Transaction,
        table: Table,
        condition: ColumnElement[bool],
        values: Mapping[str, object],
    ) -> None:
        in_sql = {name: each for name, each in values.items() if isinstance(each, ColumnElement)}
        self._transaction = transaction
        self._names = tuple(in_sql)
        self._constants = {name: each for name, each in values.items() if name not in in_sql}
        self._rows = _rows(table, condition)
        self._about = _about(table, condition, tuple(in_sql.items()))

    async def rows(self, after: UUID | None, *, tenant_id: TenantId) -> Sequence[UUID]:
        """Return the ids of the next rows behind `after` that are meant."""
        values = given(tenant_id, None, {"after": after or _FIRST})
        return [row.id for row in await self._transaction.all(self._rows, values)]

    async def about(self, row_id: UUID, *, tenant_id: TenantId) -> Mapping[str, Any] | None:
        """Return what is asked about a row; None if it is not meant, or not there any more."""
        values = given(tenant_id, None, {"row": row_id})
        found = await self._transaction.all(self._about, values)
        if not found:
            return None
        return {**self._constants, **dict(zip(self._names, found[0], strict=True))}


@lru_cache(maxsize=STATEMENTS_KEPT)
def _rows(table: Table, condition: ColumnElement[bool]) -> Fixed:
    found = select(table.c.id).where(
        _is_meant(table, condition), table.c.id > parameter("after", table.c.id)
    )
    return Fixed(found.order_by(table.c.id).limit(AT_ONCE))


@lru_cache(maxsize=STATEMENTS_KEPT)
def _about(
    table: Table, condition: ColumnElement[bool], values: tuple[tuple[str, ColumnElement[Any]], ...]
) -> Fixed:
    asked = select(*(value.label(name) for name, value in values))
    return Fixed(
        asked.where(_is_meant(table, condition), table.c.id == parameter("row", table.c.id))
    )


def _is_meant(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    is_there = table.c.deleted_at.is_(None) if "deleted_at" in table.c else true()
    return and_(table.c.tenant_id == TENANT, is_there, condition)
