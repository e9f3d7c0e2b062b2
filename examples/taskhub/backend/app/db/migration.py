"""Brings the schema to a revision, and knows which one this version expects."""

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import SchemaItem

from app.db import sqlite
from app.db.metadata import RANKED

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT: Final = Path(__file__).resolve().parents[2]


@cache
def head_revision() -> str | None:
    """Return the revision that this version of the code expects, or None without any."""
    # Alembic is slow to import, and a process that serves needs it only here.
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(database_url: str, target: str = "head", *, login: str | None = None) -> None:
    """Bring the schema to `target`; must not be called from a running event loop.

    Args:
        database_url: The database, as a login that owns its schema.
        target: `head`, `base` or a revision; a revision below the present one goes down.
        login: A further login that serves the application and needs its roles.
    """
    from alembic import command  # noqa: PLC0415

    config = _config()
    config.attributes["database_url"] = database_url
    config.attributes["login"] = login
    if target == "base" or _is_below(config, current_revision(database_url), target):
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def is_compared(
    item: SchemaItem, _name: str | None, kind: str, _reflected: bool, other: SchemaItem | None
) -> bool:
    """Return whether Alembic compares an item of the models with what the database has.

    Of an index on the rank of an enum's value it minds only that it is there: PostgreSQL tells
    such an expression in words of its own.
    """
    return not (kind == "index" and other is not None and item.info.get(RANKED))


def current_revision(database_url: str) -> str | None:
    """Return the revision that the database is at, or None if it was never migrated."""
    return asyncio.run(_read(database_url))


def owner_engine(database_url: str) -> AsyncEngine:
    """Return an engine that acts as the login itself, which must own the schema."""
    engine = create_async_engine(database_url, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sqlite.install(engine.sync_engine)
    return engine


async def _read(database_url: str) -> str | None:
    engine = owner_engine(database_url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision_of)
    finally:
        await engine.dispose()


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(revision) if revision else None


def _is_below(config: "Config", present: str | None, target: str) -> bool:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    if target == "head" or present is None or present == target:
        return False
    scripts = ScriptDirectory.from_config(config)
    older = {script.revision for script in scripts.iterate_revisions(present, "base")}
    return target in older


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config(_ROOT / "alembic.ini")
    config.set_main_option("script_location", str(_ROOT / "migrations"))
    return config
