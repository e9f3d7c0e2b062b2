"""A database with notes, and tenants in it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from tests.conftest import HeldClock
from tests.repositories.notes import open_notes, tenants


@pytest.fixture
async def database(empty_database_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    async for database in open_notes(empty_database_url, clock):
        yield database


@pytest.fixture
async def tenant(database: Database) -> TenantId:
    return await _add_tenant(database)


@pytest.fixture
async def other_tenant(database: Database) -> TenantId:
    return await _add_tenant(database)


async def _add_tenant(database: Database) -> TenantId:
    tenant_id = TenantId(new_id())
    async with database.begin_global() as transaction:
        await transaction.execute(insert(tenants).values(id=tenant_id))
    return tenant_id
