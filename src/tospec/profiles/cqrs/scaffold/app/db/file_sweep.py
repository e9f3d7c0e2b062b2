"""Removes objects that have no row: what a crash, a lost commit or a cascade left behind.

The store is asked in threads, and not by its own coroutines: those leave something to do for
threads of the store, which breaks a process that ends in the same moment.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from obstore.store import ObjectStore
from sqlalchemy import Table, select

from app.core.ids import TenantId
from app.db.engine import Database
from app.db.metadata import metadata

GRACE: Final = timedelta(hours=1)
"""How old an object must be: that of an upload under way has no row yet."""
_ID: Final = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_PLACE: Final = re.compile(rf"(\w+)/{_ID}/{_ID}")

type _Owner = tuple[str, TenantId]


async def sweep(objects: ObjectStore, database: Database, *, now: datetime) -> int:
    """Remove the objects without a row that are older than `GRACE`, and return how many."""
    removed = 0
    async for owner, ids in _owned(objects, before=now - GRACE):
        orphans = ids - await _rows(database, owner, ids)
        table, tenant_id = owner
        paths = [f"{table}/{tenant_id}/{row_id}" for row_id in orphans]
        await asyncio.to_thread(objects.delete, paths)
        removed += len(orphans)
    return removed


async def _owned(
    objects: ObjectStore, *, before: datetime
) -> AsyncIterator[tuple[_Owner, set[UUID]]]:
    """Yield the ids of rows that objects were written for, by table and tenant."""
    batches = objects.list()
    while batch := await asyncio.to_thread(next, batches, ()):
        found: defaultdict[_Owner, set[UUID]] = defaultdict(set)
        for each in batch:
            place = _PLACE.fullmatch(each["path"])
            if place and place[1] in metadata.tables and each["last_modified"] < before:
                found[place[1], TenantId(UUID(place[2]))].add(UUID(place[3]))
        for owned in found.items():
            yield owned


async def _rows(database: Database, owner: _Owner, ids: Collection[UUID]) -> set[UUID]:
    name, tenant_id = owner
    table: Table = metadata.tables[name]
    rows = select(table.c.id).where(table.c.tenant_id == tenant_id, table.c.id.in_(ids))
    async with database.read(tenant_id) as transaction:
        return {row.id for row in await transaction.all(rows)}
