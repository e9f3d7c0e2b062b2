"""A database with notes, and tenants in it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from tests.conftest import HeldClock, scratch_database
from tests.repositories.notes import create_notes, open_notes, tenants


@pytest.fixture(scope="session")
async def notes_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a database with the tables, for all tests of a worker."""
    async for url in scratch_database(tmp_path_factory.mktemp("notes")):
        await create_notes(url)
        yield url


@pytest.fixture
async def database(notes_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    async for database in open_notes(notes_url, clock):
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
