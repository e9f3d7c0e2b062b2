"""Migrations: up, down and up again, and never another schema than the models describe."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from anyio import to_thread
from sqlalchemy import Connection, Inspector, inspect, text

import app.models
from app.db.metadata import TENANT_OWNED, metadata
from app.db.migration import _config, head_revision, migrate, owner_engine
from app.db.security import APP_ROLE
from tests.conftest import scratch_database

for module in pkgutil.iter_modules(app.models.__path__, "app.models."):
    importlib.import_module(module.name)

pytestmark = [
    pytest.mark.waits(1),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping"),
    pytest.mark.filterwarnings("ignore:Cannot correctly sort tables"),
]


type Schema = dict[str, dict[str, list[Any]]]


@pytest.fixture(scope="module")
async def migrated(template_url: str) -> Schema:
    """The schema of a database that was migrated."""
    return await schema(template_url)


@pytest.fixture
async def created_url(tmp_path: Path) -> AsyncIterator[str]:
    folder = tmp_path / "created"
    folder.mkdir()
    async for url in scratch_database(folder):
        engine = owner_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        yield url


async def test_the_migrated_schema_is_the_one_of_the_models(
    migrated: Schema, created_url: str
) -> None:
    created = await schema(created_url)
    assert [*created] == sorted(metadata.tables)
    assert [*migrated] == sorted([*created, "alembic_version"])
    for table, description in created.items():
        assert description == migrated[table], table


async def test_alembic_finds_nothing_left_to_do(template_url: str) -> None:
    config = _config()
    config.attributes["database_url"] = template_url

    assert await to_thread.run_sync(command.check, config) is None


async def test_down_removes_everything_and_up_makes_it_again(
    migrated: Schema, empty_database_url: str
) -> None:
    await to_thread.run_sync(migrate, empty_database_url)
    await to_thread.run_sync(migrate, empty_database_url, "base")
    assert list(await schema(empty_database_url)) == ["alembic_version"]
    await to_thread.run_sync(migrate, empty_database_url, "head")
    assert await schema(empty_database_url) == migrated


async def test_names_fit_every_database(migrated: Schema) -> None:
    assert head_revision() is not None
    for table, description in migrated.items():
        names = [table, *(each[0] for kind in description.values() for each in kind)]
        assert [name for name in names if len(name.encode()) > 63] == []


async def test_every_table_of_tenants_is_locked(template_url: str, on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no row-level security")
    rows = await _fetch(
        template_url,
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    )
    locked = {name for name, is_locked in rows if is_locked}
    assert locked == {name for name, table in metadata.tables.items() if table.info[TENANT_OWNED]}


async def test_the_application_owns_nothing(template_url: str, on_postgresql: bool) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has no roles")
    owners = await _fetch(
        template_url, "SELECT tableowner FROM pg_tables WHERE schemaname='public'"
    )
    assert owners
    assert APP_ROLE not in {owner for (owner,) in owners}


async def schema(url: str) -> Schema:
    """Return, by table, all that there is to see of it."""
    engine = owner_engine(url)
    async with engine.connect() as connection:
        described = await connection.run_sync(_described)
    await engine.dispose()
    return described


def _described(connection: Connection) -> Schema:
    inspector = inspect(connection)
    return {name: _table(inspector, name) for name in sorted(inspector.get_table_names())}


def _table(inspector: Inspector, name: str) -> dict[str, list[Any]]:
    return {
        "columns": sorted(
            (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)
        ),
        "key": [
            (key["name"] or "", tuple(key["constrained_columns"]))
            for key in [inspector.get_pk_constraint(name)]
        ],
        "references": sorted(
            (k["name"], tuple(k["constrained_columns"]), k["referred_table"], str(k["options"]))
            for k in inspector.get_foreign_keys(name)
        ),
        "uniques": sorted(
            (u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(name)
        ),
        "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name)),
        "indexes": sorted(
            (i["name"], tuple(map(str, i["column_names"])), str(i.get("expressions")))
            for i in inspector.get_indexes(name)
        ),
    }


async def _fetch(url: str, query: str) -> list[Any]:
    engine = owner_engine(url)
    async with engine.connect() as connection:
        rows = list(await connection.execute(text(query)))
    await engine.dispose()
    return rows
