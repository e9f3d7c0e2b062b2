"""Example data: who is there, what they made, and where it is refused."""

import pytest
from anyio import to_thread
from pydantic import SecretStr
from sqlalchemy import func, select

from app.authorization.permissions import MANAGE_USERS, Role
from app.core.clock import SystemClock
from app.core.service_settings import Environment
from app.core.settings import Settings
from app.db.engine import Database, DatabaseOptions
from app.db.migration import migrate
from app.events.accounts import UserJoined
from app.main import create_database
from app.models.audit_entry import audit_entries
from app.models.email import email_key
from app.models.outbox_message import outbox_messages
from app.repositories.account_lookup import AccountLookup
from app.security.passwords import Passwords
from app.seed import fill
from app.seeding.command import TENANTS, Seeded, SeedError, seed

ROWS = 12


@pytest.fixture
async def fresh(settings: Settings, empty_database_url: str) -> Settings:
    """Settings that name a database with tables and nothing in them."""
    await to_thread.run_sync(migrate, empty_database_url)
    return settings.model_copy(update={"database_url": SecretStr(empty_database_url)})


async def recorded(seeded: Seeded, url: str) -> tuple[int, int]:
    database = Database(DatabaseOptions(url=url))
    entries = events = 0
    for tenant_id in {person.actor.tenant_id for person in seeded.people}:
        async with database.read(tenant_id) as transaction:
            entries += await transaction.scalar(select(func.count()).select_from(audit_entries))
            events += await transaction.scalar(select(func.count()).select_from(outbox_messages))
    await database.close()
    return entries, events


async def test_everybody_can_sign_in(fresh: Settings) -> None:
    seeded = await seed(fresh, fill, rows=ROWS)
    database = create_database(fresh, SystemClock())
    passwords = Passwords(threads=1)

    for person in seeded.people:
        async with database.begin_accounts(read_only=True) as transaction:
            known = await AccountLookup(transaction).credentials(email_key(person.email))
        assert known is not None
        assert known.tenant_id == person.actor.tenant_id
        assert await passwords.verify(known.password_hash, seeded.password)
    await database.close()

    assert sorted({person.tenant for person in seeded.people}) == sorted(TENANTS)
    for tenant in TENANTS:
        actors = [person.actor for person in seeded.people if person.tenant == tenant]
        assert len({actor.role for actor in actors}) == len(actors) <= len(Role)
        assert any(actor.has(MANAGE_USERS) for actor in actors)


async def test_rows_leave_their_trail(fresh: Settings) -> None:
    seeded = await seed(fresh, fill, rows=ROWS)

    entries, events = await recorded(seeded, fresh.database_url.get_secret_value())

    assert entries >= len(seeded.people)
    assert events >= (len(seeded.people) if UserJoined.NAME else 0)
    assert all(count > 0 for count in seeded.rows.values())


async def test_nothing_lies_ahead(fresh: Settings) -> None:
    seeded = await seed(fresh, fill, rows=ROWS)
    database = Database(DatabaseOptions(url=fresh.database_url.get_secret_value()))
    last = select(func.max(audit_entries.c.occurred_at))

    for tenant_id in {person.actor.tenant_id for person in seeded.people}:
        async with database.read(tenant_id) as transaction:
            assert await transaction.scalar(last) <= SystemClock().now()
    await database.close()


async def test_what_is_stored_is_the_same_each_time_but_not_the_password(
    fresh: Settings, settings: Settings
) -> None:
    first = await seed(fresh, fill, rows=ROWS)
    await to_thread.run_sync(migrate, settings.database_url.get_secret_value())
    second = await seed(settings, fill, rows=ROWS)

    assert first.rows == second.rows
    assert [person.email for person in first.people] == [person.email for person in second.people]
    assert first.password != second.password


async def test_data_are_never_mixed_with_others(fresh: Settings) -> None:
    await seed(fresh, fill, rows=0)

    with pytest.raises(SeedError, match="has tenants already"):
        await seed(fresh, fill, rows=0)


async def test_production_is_left_alone(fresh: Settings) -> None:
    with pytest.raises(SeedError, match="production"):
        await seed(fresh.model_copy(update={"environment": Environment.PRODUCTION}), fill, rows=0)
