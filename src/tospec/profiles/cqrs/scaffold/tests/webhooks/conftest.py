"""A database of its own for deliveries, which workers look for in all tenants."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from app.core.clock import SystemClock
from app.core.settings import Settings
from app.db.engine import Database
from app.db.webhooks_security import COURIER_SCOPE
from app.main import create_database
from app.models.webhook_delivery import WebhookDeliveryState, webhook_deliveries
from tests.conftest import scratch_database
from tests.fixtures import settings_for
from tests.webhooks.hooks import Owner, add_owner
from tests.webhooks.receiver import Receiver


@pytest.fixture(scope="session")
async def webhooks_url(
    tmp_path_factory: pytest.TempPathFactory, template_url: str
) -> AsyncIterator[str]:
    """The URL of a migrated database for all tests of deliveries."""
    async for url in scratch_database(tmp_path_factory.mktemp("webhooks"), like=template_url):
        yield url


@pytest.fixture
def hook_settings(webhooks_url: str) -> Settings:
    """Settings of a worker that delivers to this machine."""
    changes = {"worker_poll": 0.02, "webhooks_insecure": True, "shutdown_timeout": 1}
    return settings_for(webhooks_url).model_copy(update=changes)


@pytest.fixture
async def database(hook_settings: Settings) -> AsyncIterator[Database]:
    database = create_database(hook_settings, SystemClock())
    async with database.opened(COURIER_SCOPE) as transaction:
        # What tests before have left must not be delivered in this one.
        await transaction.execute(
            update(webhook_deliveries).values(state=WebhookDeliveryState.CANCELLED, token=None)
        )
    yield database
    await database.close()


@pytest.fixture
async def owner(database: Database) -> Owner:
    return await add_owner(database)


@pytest.fixture
async def other_owner(database: Database) -> Owner:
    return await add_owner(database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().serving() as serving:
        yield serving
