"""Rows that a transaction will change, locked before it changes the first."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from app.core.ids import TenantId
from app.db.engine import Transaction


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
    rows = select(table.c.id).where(table.c.tenant_id == tenant_id, table.c.id.in_(ids), visible)
    await transaction.all(rows.order_by(table.c.id).with_for_update(of=table))
