"""Rows that a transaction will change, locked before it changes the first."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from app.core.ids import TenantId
from app.db.parameters import TENANT, given, one_of
from app.db.statements import Fixed
from app.db.transactions import Transaction

_STATEMENTS_KEPT: Final = 100


async def hold(
    table: Table,
    ids: Collection[UUID],
    transaction: Transaction,
    *,
    tenant_id: TenantId,
    visible: ColumnElement[bool],
) -> None:
    """Lock those of the rows `ids` that are `visible` until the transaction ends.

    The order is that of the ids: of two transactions that want the same rows, one waits
    for the other, and never both.
    """
    held = _held(table, visible)
    await transaction.all(held, given(tenant_id, None, {"ids": ids}))


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _held(table: Table, visible: ColumnElement[bool]) -> Fixed:
    rows = select(table.c.id).where(table.c.tenant_id == TENANT, one_of(table.c.id, "ids"), visible)
    return Fixed(rows.order_by(table.c.id).with_for_update(of=table))
