"""How far a worker sees on PostgreSQL: jobs and which tenants there are, and nothing else."""

import pytest
from sqlalchemy import select, text

from app.core.errors import NotFoundError
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.jobs_security import WORKER_ROLE, WORKER_SCOPE
from app.db.transactions import MissingTenantError
from app.models.job import jobs
from app.models.user import users
from tests.jobs.deeds import enqueue
from tests.requirements import JOBS, TENANCY

pytestmark = pytest.mark.requirement(*JOBS, *TENANCY)


@pytest.fixture
def postgresql(on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no row-level security")


async def test_a_worker_asks_for_no_other_table(database: Database) -> None:
    with pytest.raises(MissingTenantError):
        async with database.opened(WORKER_SCOPE) as transaction:
            await transaction.all(select(users.c.id))


async def test_nobody_else_sees_jobs_without_a_tenant(database: Database) -> None:
    with pytest.raises(MissingTenantError):
        async with database.begin_global() as transaction:
            await transaction.all(select(jobs.c.id))


@pytest.mark.usefixtures("postgresql")
async def test_a_tenant_sees_its_own_jobs(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    own = await enqueue(database, tenant, "seen")
    foreign = await enqueue(database, other_tenant, "seen")

    async with database.read(tenant) as transaction:
        found = await transaction.all(text("SELECT id FROM jobs"))
    async with database.opened(WORKER_SCOPE) as transaction:
        role = await transaction.scalar(text("SELECT current_user"))
        of_all = await transaction.all(text("SELECT id FROM jobs WHERE name = 'seen'"))

    assert [row[0] for row in found] == [own]
    assert {row[0] for row in of_all} >= {own, foreign}
    assert role == WORKER_ROLE


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM users",
        "SELECT id FROM audit_entries",
        "UPDATE outbox_messages SET payload = '{}'",
        "INSERT INTO outbox_messages (id) VALUES (gen_random_uuid())",
        "SELECT name FROM tenants",
        "UPDATE tenants SET suspended_at = now()",
        "SELECT account FROM sign_in_attempts",
        "DROP TABLE jobs",
    ],
)
async def test_the_role_of_workers_may_do_nothing_else(database: Database, statement: str) -> None:
    with pytest.raises(NotFoundError):
        async with database.opened(WORKER_SCOPE) as transaction:
            await transaction.execute(text(statement))
