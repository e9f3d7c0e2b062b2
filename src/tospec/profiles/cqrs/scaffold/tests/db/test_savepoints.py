"""Parts of a transaction that are undone without the rest of it."""

import pytest

from app.core.errors import ConflictError, UniqueConflictError
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.savepoints import undone_if_refused
from tests.db.test_engine import add, names
from tests.db.test_waiting_writes import add_later


async def test_a_part_that_is_refused_takes_its_own_with_it(
    database: Database, tenant: TenantId
) -> None:
    await add(database, tenant, "taken")
    async with database.begin(tenant) as transaction:
        add_later(transaction, tenant, "before")
        with pytest.raises(ConflictError):
            async with undone_if_refused(transaction):
                add_later(transaction, tenant, "within")
                raise ConflictError
        with pytest.raises(UniqueConflictError):
            async with undone_if_refused(transaction):
                add_later(transaction, tenant, "taken")
        async with undone_if_refused(transaction):
            add_later(transaction, tenant, "kept")
        add_later(transaction, tenant, "after")
    assert await names(database, tenant) == ["after", "before", "kept", "taken"]
