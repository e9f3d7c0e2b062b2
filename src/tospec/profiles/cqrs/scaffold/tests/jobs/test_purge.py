"""Rows that have expired go, of one tenant at a time; all others stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.models.invitation import invitations
from app.models.refresh_token import refresh_tokens
from app.models.sign_in_attempt import SignInOutcome, sign_in_attempts
from app.models.user import users
from app.worker import purge
from app.worker.purge import INVITATIONS, SESSIONS, SIGN_IN_ATTEMPTS, Expiring, Purge
from app.worker.work import Progress, Retry
from tests.fixtures import _user
from tests.jobs.deeds import PAST
from tests.requirements import JOBS
from tests.roles import COLLEAGUE
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)

FUTURE = datetime.now(UTC) + timedelta(days=1)


async def store(database: Database, tenant_id: TenantId, table: Table, **values: Any) -> Any:
    row = {"id": new_id(), "created_at": PAST, "updated_at": PAST, "version": 1, **values}
    row["tenant_id"] = tenant_id
    async with database.begin(tenant_id) as transaction:
        known = {name: value for name, value in row.items() if name in table.c}
        await transaction.execute(insert(table).values(known))
    return row["id"]


@pytest.fixture
async def somebody(database: Database, tenant: TenantId) -> Any:
    return await store(database, tenant, users, **_user(COLLEAGUE))


async def purged(
    database: Database, settings: Settings, tenant_id: TenantId, *kinds: Expiring
) -> int:
    """Run a job that purges `kinds`, and return how many rows it has removed."""

    class Tested(Purge):
        name = "tested"
        timeout = timedelta(minutes=1)
        retry = Retry(attempts=1, base=timedelta(seconds=1), cap=timedelta(seconds=1))
        purged = kinds

    await Tested.prepare(database, settings)
    progress = Progress()
    while not progress.finished:
        async with database.begin(tenant_id) as transaction:
            progress = await Tested(transaction, tenant_id, settings).step(progress)
    return progress.changed


async def left(database: Database, tenant_id: TenantId, table: Table) -> int:
    async with database.read(tenant_id) as transaction:
        found = select(func.count()).where(table.c.tenant_id == tenant_id)
        count: int = await transaction.scalar(found)
        return count


def token(user_id: Any, expires_at: datetime) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "family_id": new_id(),
        "token_hash": f"{number():064}",
        "expires_at": expires_at,
    }


async def test_sessions_go_in_batches(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    somebody: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(purge, "AT_ONCE", 2)
    purge._removed.cache_clear()
    for expires_at in (PAST, PAST, PAST, FUTURE):
        await store(database, tenant, refresh_tokens, **token(somebody, expires_at))

    assert await purged(database, job_settings, tenant, SESSIONS) == 3
    assert await left(database, tenant, refresh_tokens) == 1
    purge._removed.cache_clear()


async def test_invitations_that_nobody_accepted_go(
    database: Database, job_settings: Settings, tenant: TenantId, somebody: Any
) -> None:
    for expires_at, accepted_at in ((PAST, None), (PAST, PAST), (FUTURE, None)):
        address = f"guest-{number()}@example.test"
        await store(
            database,
            tenant,
            invitations,
            email=address,
            email_key=address,
            role=COLLEAGUE,
            token_hash=f"{number():064}",
            invited_by_id=somebody,
            expires_at=expires_at,
            accepted_at=accepted_at,
        )

    assert await purged(database, job_settings, tenant, INVITATIONS) == 1
    assert await left(database, tenant, invitations) == 2


async def test_another_tenant_keeps_its_rows(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    other_tenant: TenantId,
    somebody: Any,
) -> None:
    await store(database, tenant, refresh_tokens, **token(somebody, PAST))

    assert await purged(database, job_settings, other_tenant, SESSIONS) == 0
    assert await left(database, tenant, refresh_tokens) == 1


async def test_attempts_to_sign_in_go_when_they_lock_nothing_any_more(
    database: Database, job_settings: Settings, tenant: TenantId
) -> None:
    lockout = timedelta(seconds=job_settings.lockout_window + job_settings.lockout_duration)
    now = datetime.now(UTC)
    async with database.begin_accounts() as transaction:
        for attempted_at in (now - lockout - timedelta(minutes=1), now - lockout / 2):
            row = {"account": "purged", "outcome": SignInOutcome.FAILED}
            await transaction.execute(
                insert(sign_in_attempts).values(id=new_id(), attempted_at=attempted_at, **row)
            )

    assert await purged(database, job_settings, tenant, SIGN_IN_ATTEMPTS) == 0
    async with database.begin_accounts() as transaction:
        found = select(func.count()).where(sign_in_attempts.c.account == "purged")
        assert await transaction.scalar(found) == 1
