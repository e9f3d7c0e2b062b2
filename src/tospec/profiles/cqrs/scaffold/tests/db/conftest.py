"""A database with the gadget tables."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from tests.conftest import HeldClock
from tests.gadgets import reopened, tenants


@pytest.fixture
async def database(gadgets_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    async for database in reopened(gadgets_url, clock):
        yield database


@pytest.fixture
async def tenant(database: Database) -> TenantId:
    return await add_tenant(database)


@pytest.fixture
async def other_tenant(database: Database) -> TenantId:
    return await add_tenant(database)


async def add_tenant(database: Database) -> TenantId:
    tenant_id = TenantId(new_id())
    async with database.begin_global() as transaction:
        await transaction.execute(insert(tenants).values(id=tenant_id))
    return tenant_id
