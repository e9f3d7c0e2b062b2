"""Runs migrations against the database of the settings, or the one it is handed."""

import asyncio
import importlib
import pkgutil

from alembic import context
from sqlalchemy import Connection

import app.models
from app.core.config import load_settings
from app.db.metadata import metadata
from app.db.migration import is_compared, owner_engine

for module in pkgutil.iter_modules(app.models.__path__, "app.models."):
    importlib.import_module(module.name)


def database_url() -> str:
    """Return the URL of the database to migrate."""
    given = context.config.attributes.get("database_url")
    if given is not None:
        return str(given)
    settings = load_settings()
    return (settings.migration_database_url or settings.database_url).get_secret_value()


def run(connection: Connection) -> None:
    """Run the migrations on `connection`, all in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_object=is_compared,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "sqlite":
            # Tables that refer to each other go one after the other.
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        context.run_migrations()


async def run_online() -> None:
    """Connect and run the migrations."""
    engine = owner_engine(database_url())
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def run_offline() -> None:
    """Write the statements instead of running them."""
    context.configure(url=database_url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())
