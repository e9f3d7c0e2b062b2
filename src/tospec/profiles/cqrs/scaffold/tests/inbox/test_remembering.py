"""Ids of messages are remembered for as long as is said, and hold nothing of any tenant."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from app.core.errors import NotFoundError
from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.connections import Scope
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.received_message import received_messages
from app.worker.purge import RECEIVED_MESSAGES
from tests.jobs.conftest import database, job_settings, jobs_url, tenant
from tests.jobs.test_purge import purged
from tests.requirements import MESSAGES, TENANCY

__all__ = ["database", "job_settings", "jobs_url", "tenant"]

pytestmark = pytest.mark.requirement(*MESSAGES, *TENANCY)


async def remember(database: Database, message_id: str, expires_at: datetime) -> None:
    async with database.opened(Scope()) as transaction:
        await transaction.execute(
            insert(received_messages).values(
                id=new_id(),
                sender="other",
                message_id=message_id,
                received_at=transaction.now,
                expires_at=expires_at,
            )
        )


async def known(database: Database, *message_ids: str) -> set[str]:
    found = select(received_messages.c.message_id).where(
        received_messages.c.message_id.in_(message_ids)
    )
    async with database.begin_global() as transaction:
        return {row.message_id for row in await transaction.all(found)}


async def test_what_has_expired_is_forgotten_and_the_rest_stays(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    now, old, new = datetime.now(UTC), str(new_id()), str(new_id())
    await remember(database, old, now - timedelta(seconds=1))
    await remember(database, new, now + timedelta(days=1))

    await purged(database, job_settings, tenant, RECEIVED_MESSAGES)

    assert await known(database, old, new) == {new}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE received_messages SET sender = 'x'", "DELETE FROM received_messages"],
)
async def test_requests_neither_change_nor_forget_ids(
    database: Database, on_postgresql: bool, statement: str
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no roles")
    with pytest.raises(NotFoundError):
        async with database.begin_global() as transaction:
            await transaction.execute(text(statement))


async def test_workers_see_no_more_than_what_has_expired(
    database: Database, on_postgresql: bool
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no roles")
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.scalar(select(func.count(received_messages.c.expires_at)))
    with pytest.raises(NotFoundError):
        async with database.opened(WORKER_SCOPE) as transaction:
            await transaction.all(select(received_messages.c.message_id))
