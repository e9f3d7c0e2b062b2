"""A database of its own for background work, which looks at the jobs of all tenants."""

from collections.abc import AsyncIterator

import pytest

from app.core.clock import SystemClock
from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.main import create_database
from tests.conftest import scratch_database
from tests.fixtures import settings_for
from tests.jobs.deeds import add_tenant


@pytest.fixture(scope="session")
async def jobs_url(
    tmp_path_factory: pytest.TempPathFactory, template_url: str
) -> AsyncIterator[str]:
    """The URL of a migrated database for all tests of background work."""
    async for url in scratch_database(tmp_path_factory.mktemp("jobs"), like=template_url):
        yield url


@pytest.fixture
def job_settings(jobs_url: str) -> Settings:
    """Settings of a worker that looks for work all the time."""
    return settings_for(jobs_url).model_copy(update={"worker_poll": 0.02, "worker_lease": 1.0})


@pytest.fixture
async def database(job_settings: Settings) -> AsyncIterator[Database]:
    database = create_database(job_settings, SystemClock())
    yield database
    await database.close()


@pytest.fixture
async def tenant(database: Database) -> TenantId:
    return await add_tenant(database)


@pytest.fixture
async def other_tenant(database: Database) -> TenantId:
    return await add_tenant(database)
