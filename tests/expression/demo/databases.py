"""The demo's rows in PostgreSQL and in SQLite, and the questions put to both."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import ColumnElement, event, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import await_only

from tests.expression.demo.rows import World, values_of
from tests.expression.demo.tables import (
    labels,
    metadata,
    projects,
    task_labels,
    tasks,
    users,
)


def _compare(left: str, right: str) -> int:
    return (Decimal(left) > Decimal(right)) - (Decimal(left) < Decimal(right))


class Database:
    """One database with the rows of a world."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._engine = create_async_engine(url, poolclass=StaticPool)
        if url.startswith("sqlite"):
            event.listen(self._engine.sync_engine, "connect", _add_collation)

    def fill(self, world: World) -> None:
        self._runner.run(_fill(self._engine, world))

    def matching(self, condition: ColumnElement[bool]) -> set[UUID]:
        """Return the ids of the tasks that a WHERE clause finds."""
        return {row[0] for row in self._rows(select(tasks.c.id).where(condition))}

    def values(self, value: ColumnElement[Any]) -> dict[UUID, Any]:
        """Return what an expression selects for each task."""
        return {row[0]: row[1] for row in self._rows(select(tasks.c.id, value))}

    def _rows(self, statement: Any) -> list[Any]:
        return self._runner.run(_rows(self._engine, statement))

    def close(self) -> None:
        self._runner.run(self._engine.dispose())


def _add_collation(connection: Any, _record: object) -> None:
    raw = connection.driver_connection
    await_only(raw._execute(raw._conn.create_collation, "decimal", _compare))


async def _rows(engine: AsyncEngine, statement: Any) -> list[Any]:
    async with engine.connect() as connection:
        return list((await connection.execute(statement)).all())


async def _fill(engine: AsyncEngine, world: World) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for table, rows in (
            (users, world.users),
            (projects, world.projects),
            (labels, world.labels),
            (tasks, world.tasks),
        ):
            columns = [column.name for column in table.columns]
            await connection.execute(table.insert(), [values_of(row, columns) for row in rows])
        links = [
            {"task_id": task.id, "label_id": each.id}
            for task in world.tasks
            for each in task.labels
        ]
        await connection.execute(task_labels.insert(), links)


@contextmanager
def opened(postgres_url: str, world: World) -> Iterator[list[Database]]:
    """Give both databases, filled; the one in PostgreSQL is dropped afterwards."""
    name = f"tospec_expressions_{uuid4().hex[:12]}"
    with asyncio.Runner() as runner:
        runner.run(_administer(postgres_url, f'CREATE DATABASE "{name}"'))
        server = postgres_url.rsplit("/", 1)[0].replace("postgresql://", "postgresql+asyncpg://")
        databases = [
            Database(f"{server}/{name}", runner),
            Database("sqlite+aiosqlite://", runner),
        ]
        try:
            for database in databases:
                database.fill(world)
            yield databases
        finally:
            for database in databases:
                database.close()
            runner.run(_administer(postgres_url, f'DROP DATABASE "{name}"'))


async def _administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
