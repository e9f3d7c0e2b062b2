"""A database in which a tenant has many rows."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.ids import TenantId
from app.db.metadata import metadata
from app.db.migration import owner_engine
from app.db.security import APP_ROLE, TENANT_SETTING
from tests.conftest import SERVER
from tests.plans.growth import grow, link


async def fill(url: str, tenant_id: TenantId, tables: Iterable[Table], rows: int) -> None:
    """Copy the tenant's rows of `tables` until there are about `rows` more in each."""
    engine = owner_engine(url)
    async with engine.begin() as connection:
        await act_for(tenant_id, connection)
        if SERVER is not None:
            await connection.execute(text(await _quickly(connection)))
        for table in tables:
            await connection.run_sync(grow, table, tenant_id, rows)
            for links in _linked_with(table):
                await connection.run_sync(link, links, table, tenant_id)
        if SERVER is not None:
            await connection.execute(text("RESET ROLE"))
            await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def act_for(tenant_id: TenantId, connection: AsyncConnection) -> None:
    """Let statements of a connection see the rows of a tenant."""
    if SERVER is not None:
        await connection.execute(select(func.set_config(TENANT_SETTING, str(tenant_id), True)))


def table_of(row: Any) -> Table:
    """Return the table that an entity's module declares for it."""
    declared = vars(sys.modules[type(row).__module__]).values()
    return next(each for each in declared if isinstance(each, Table) and "id" in each.c)


def _linked_with(table: Table) -> Iterator[Table]:
    """Yield the tables without ids of their own whose rows belong to rows of `table`."""
    for links in metadata.sorted_tables:
        _, *key = links.primary_key.columns
        if key and any(own.column.table is table for own in key[0].foreign_keys):
            yield links


async def _quickly(connection: AsyncConnection) -> str:
    """Return what lets the login store many rows: without minding references, if it may."""
    superuser = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if await connection.scalar(superuser):
        return "SET LOCAL session_replication_role = replica"
    return f"SET LOCAL ROLE {APP_ROLE}"
