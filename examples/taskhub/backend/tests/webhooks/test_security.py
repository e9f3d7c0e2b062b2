"""How far a worker sees on PostgreSQL: which webhooks hear of what, and what is to be delivered."""

import pytest
from sqlalchemy import select, text

from app.core.errors import NotFoundError
from app.db.engine import Database
from app.db.transactions import MissingTenantError
from app.db.webhooks_security import COURIER_SCOPE
from app.models.webhook import webhooks
from tests.requirements import TENANCY, WEBHOOKS
from tests.webhooks.hooks import Owner, add_webhook, announce

pytestmark = pytest.mark.requirement(*WEBHOOKS, *TENANCY)

URL = "http://127.0.0.1:9/"


@pytest.fixture
def postgresql(on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no row-level security")


async def test_a_worker_that_delivers_asks_for_no_other_table(database: Database) -> None:
    with pytest.raises(MissingTenantError):
        async with database.opened(COURIER_SCOPE) as transaction:
            await transaction.all(select(webhooks.c.id))


@pytest.mark.usefixtures("postgresql")
async def test_a_tenant_sees_its_own_webhooks_and_deliveries(
    database: Database, owner: Owner, other_owner: Owner
) -> None:
    own = await add_webhook(database, owner, URL)
    await add_webhook(database, other_owner, URL)
    for each in (owner, other_owner):
        await announce(database, each)

    async with database.read(owner.tenant_id) as transaction:
        hooks = await transaction.all(text("SELECT id FROM webhooks"))
        sent = await transaction.all(text("SELECT webhook_id FROM webhook_deliveries"))
    async with database.opened(COURIER_SCOPE) as transaction:
        of_all = await transaction.all(text("SELECT DISTINCT tenant_id FROM webhook_deliveries"))

    assert [row[0] for row in hooks] == [own.id]
    assert [row[0] for row in sent] == [own.id]
    assert {row[0] for row in of_all} >= {owner.tenant_id, other_owner.tenant_id}


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT url FROM webhooks",
        "SELECT salt FROM webhooks",
        "UPDATE webhooks SET active = false",
        "DELETE FROM webhooks",
        "INSERT INTO webhooks (id) VALUES (gen_random_uuid())",
    ],
)
async def test_the_role_of_workers_sees_neither_addresses_nor_salts(
    database: Database, statement: str
) -> None:
    with pytest.raises(NotFoundError):
        async with database.opened(COURIER_SCOPE) as transaction:
            await transaction.execute(text(statement))
