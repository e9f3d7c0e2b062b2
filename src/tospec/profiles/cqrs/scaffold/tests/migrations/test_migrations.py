"""Migrations: up, down and up again, with rows in the tables, and equal to the models."""

import importlib
import pkgutil
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import alembic.config
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from anyio import run_process, to_thread
from sqlalchemy import Connection, func, inspect, select

import app.models
from app.accounts import Accounts
from app.core.clock import SystemClock
from app.db.metadata import metadata
from app.db.migration import (
    _config,
    current_revision,
    is_compared,
    migrate,
    owner_engine,
)
from tests.calls import SERVED
from tests.fixtures import Enrolment, connected_client, served_application, settings_for

pytestmark = pytest.mark.waits(2)

REVISIONS = [
    script.revision
    for script in reversed([*ScriptDirectory.from_config(_config()).walk_revisions()])
]


@pytest.fixture
async def enrolment(empty_database_url: str) -> AsyncIterator[Enrolment]:
    """People of an application whose database is this test's own."""
    await to_thread.run_sync(migrate, empty_database_url)
    settings = settings_for(empty_database_url)
    async for application in served_application(settings):
        async for client in connected_client(application):
            accounts = Accounts.of(settings, application.state.runtime.database, SystemClock())
            yield Enrolment(client=client, accounts=accounts)


async def test_down_and_up_with_rows_in_the_tables(
    enrolment: Enrolment, empty_database_url: str
) -> None:
    for operation in SERVED:
        tenant = await enrolment.tenant()
        person = tenant[operation.caller]
        assert (await person.send(await operation.arrange(person))).is_success
    await enrolment.accounts.database.close()
    assert await filled_tables(empty_database_url) >= {"tenants", "users", "refresh_tokens"}

    for target in (*reversed(REVISIONS[:-1]), "base"):
        await to_thread.run_sync(migrate, empty_database_url, target)
        expected = None if target == "base" else target
        assert await to_thread.run_sync(current_revision, empty_database_url) == expected
    assert await tables(empty_database_url) == {"alembic_version"}

    for target in REVISIONS:
        await to_thread.run_sync(migrate, empty_database_url, target)
        assert await to_thread.run_sync(current_revision, empty_database_url) == target
    assert await tables(empty_database_url) == {*metadata.tables, "alembic_version"}
    assert (await enrolment.tenant()).id != tenant.id


async def test_the_program_alembic_works_too(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(48))
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr(sys, "path", [*sys.path])
    await run_process([Path(sys.executable).with_name("alembic"), "upgrade", "head"])
    assert await to_thread.run_sync(current_revision, empty_database_url) == REVISIONS[-1]
    await to_thread.run_sync(alembic.config.main, ["downgrade", "base"])
    assert await to_thread.run_sync(current_revision, empty_database_url) is None


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
async def test_the_schema_equals_the_models(template_url: str, empty_database_url: str) -> None:
    for module in pkgutil.iter_modules(app.models.__path__, "app.models."):
        importlib.import_module(module.name)

    assert await differences(template_url) == []

    assert len(await differences(empty_database_url)) >= len(metadata.tables)


async def differences(url: str) -> list[object]:
    """Return in what the database at `url` differs from the models."""

    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "include_object": is_compared}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    engine = owner_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def tables(url: str) -> set[str]:
    """Return the tables of the database at `url`."""
    engine = owner_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    await engine.dispose()
    return found


async def filled_tables(url: str) -> set[str]:
    """Return the tables of the database at `url` that have rows."""
    engine = owner_engine(url)
    async with engine.connect() as connection:
        counts = {
            name: await connection.scalar(select(func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }
    await engine.dispose()
    return {name for name, count in counts.items() if count}
