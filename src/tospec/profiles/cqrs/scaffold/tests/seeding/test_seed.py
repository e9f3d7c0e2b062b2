"""Example data: who is there, what they made, and where it is refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from app.authorization.permissions import MANAGE_USERS, Role
from app.core.clock import SystemClock
from app.core.service_settings import Environment
from app.core.settings import Settings
from app.db.engine import Database, DatabaseOptions
from app.events.accounts import UserJoined
from app.main import create_database
from app.models.audit_entry import audit_entries
from app.models.email import email_key
from app.models.outbox_message import outbox_messages
from app.repositories.account_lookup import AccountLookup
from app.security.passwords import Passwords
from app.seed import fill
from app.seeding.command import TENANTS, Seeded, SeedError, seed
from tests.conftest import scratch_database
from tests.fixtures import settings_for

ROWS = 12


class Filled(NamedTuple):
    """A database with example data."""

    settings: Settings
    seeded: Seeded


@pytest.fixture
async def fresh(template_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings that name a database with tables and nothing in them."""
    async for url in scratch_database(tmp_path, like=template_url):
        yield settings_for(url)


@pytest.fixture(scope="module")
async def filled(
    template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Filled]:
    """The database that is only read."""
    async for url in scratch_database(tmp_path_factory.mktemp("filled"), like=template_url):
        settings = settings_for(url)
        yield Filled(settings, await seed(settings, fill, rows=ROWS))


async def recorded(seeded: Seeded, url: str) -> tuple[int, int]:
    database = Database(DatabaseOptions(url=url))
    entries = events = 0
    for tenant_id in {person.actor.tenant_id for person in seeded.people}:
        async with database.read(tenant_id) as transaction:
            entries += await transaction.scalar(select(func.count()).select_from(audit_entries))
            events += await transaction.scalar(select(func.count()).select_from(outbox_messages))
    await database.close()
    return entries, events


async def test_everybody_can_sign_in(filled: Filled) -> None:
    seeded = filled.seeded
    database = create_database(filled.settings, SystemClock())
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


async def test_rows_leave_their_trail(filled: Filled) -> None:
    seeded = filled.seeded

    entries, events = await recorded(seeded, filled.settings.database_url.get_secret_value())

    assert entries >= len(seeded.people)
    assert events >= (len(seeded.people) if UserJoined.NAME else 0)
    assert all(count > 0 for count in seeded.rows.values())


async def test_nothing_lies_ahead(filled: Filled) -> None:
    database = Database(DatabaseOptions(url=filled.settings.database_url.get_secret_value()))
    last = select(func.max(audit_entries.c.occurred_at))

    for tenant_id in {person.actor.tenant_id for person in filled.seeded.people}:
        async with database.read(tenant_id) as transaction:
            assert await transaction.scalar(last) <= SystemClock().now()
    await database.close()


async def test_what_is_stored_is_the_same_each_time_but_not_the_password(
    filled: Filled, fresh: Settings
) -> None:
    first, second = filled.seeded, await seed(fresh, fill, rows=ROWS)

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
