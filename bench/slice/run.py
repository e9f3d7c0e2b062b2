"""Measure one vertical slice written with SQLAlchemy Core and with its ORM.

Run with `python bench/slice/run.py [--url URL]`, SQLite by default. Each operation is a transaction
of its own, as a request is. Both take turns; the middle of all rounds counts. What is measured is
the CPU time of this process: the same statements reach the same database either way.
"""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import core
import orm
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from tables import Base, Label, Task, TaskLabel

TASKS, LABELS, PAGE = 2000, 20, 50
BEGIN = datetime(2030, 1, 1, tzinfo=UTC)

type Operation = Callable[[Any, UUID, UUID], Awaitable[object]]


async def _get(tasks: Any, tenant: UUID, task: UUID) -> object:
    return await tasks.get(task, tenant_id=tenant)


async def _page(tasks: Any, tenant: UUID, task: UUID) -> object:
    return await tasks.page(PAGE, tenant_id=tenant, after=(BEGIN + timedelta(hours=12), task))


async def _create(tasks: Any, tenant: UUID, _: UUID) -> object:
    return await tasks.create(_values(uuid4(), 0), tenant_id=tenant)


async def _change(tasks: Any, tenant: UUID, task: UUID) -> object:
    found = await tasks.get(task, tenant_id=tenant)
    return await tasks.change(found, {"status": "done", "updated_at": datetime.now(UTC)})


OPERATIONS: dict[str, Operation] = {
    "get": _get,
    "list of 50": _page,
    "create": _create,
    "change": _change,
}


def main() -> None:
    """Print a table of both ways, and how they compare."""
    arguments = _arguments()
    print(f"# {platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.url or f"sqlite+aiosqlite:///{Path(folder) / 'slice.sqlite3'}"
        asyncio.run(_measured(url, arguments.rounds, arguments.times))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a database for this alone; its tables are made and dropped")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=100, help="operations in a round")
    return parser.parse_args()


async def _measured(url: str, rounds: int, times: int) -> None:
    engine = create_async_engine(url)
    tenant, ids = uuid4(), [uuid4() for _ in range(TASKS)]
    await _filled(engine, tenant, ids)
    print(f"# {engine.dialect.name}, CPU ms of one operation, statements in brackets\n")
    print("| operation | Core | ORM | ORM / Core |\n| --- | ---: | ---: | ---: |")
    for name, operation in OPERATIONS.items():
        spent: dict[str, list[float]] = {"core": [], "orm": []}
        for number in range(rounds):
            for way, found in spent.items():
                chosen = ids[number * times : (number + 1) * times]
                found.append(await _round(engine, way, operation, tenant, chosen))
        said = {way: await _statements(engine, way, operation, tenant, ids[-1]) for way in spent}
        core_ms, orm_ms = (statistics.median(spent[way]) for way in ("core", "orm"))
        print(
            f"| {name} | {core_ms:.2f} ({said['core']}) | {orm_ms:.2f} ({said['orm']}) |"
            f" {orm_ms / core_ms:.2f} |"
        )
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    await engine.dispose()


async def _round(
    engine: AsyncEngine, way: str, operation: Operation, tenant: UUID, ids: list[UUID]
) -> float:
    """Return the CPU milliseconds that one operation took on average."""
    began = time.process_time()
    for task in ids:
        await _once(engine, way, operation, tenant, task)
    return (time.process_time() - began) / len(ids) * 1000


async def _once(
    engine: AsyncEngine, way: str, operation: Operation, tenant: UUID, task: UUID
) -> None:
    if way == "core":
        async with engine.begin() as connection:
            await operation(core.Tasks(connection), tenant, task)
    else:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            await operation(orm.Tasks(session), tenant, task)


async def _statements(
    engine: AsyncEngine, way: str, operation: Operation, tenant: UUID, task: UUID
) -> int:
    said: list[object] = []

    def heard(*of: object) -> None:
        said.append(of[2])

    event.listen(engine.sync_engine, "before_cursor_execute", heard)
    await _once(engine, way, operation, tenant, task)
    event.remove(engine.sync_engine, "before_cursor_execute", heard)
    return len(said)


async def _filled(engine: AsyncEngine, tenant: UUID, ids: list[UUID]) -> None:
    labels = [{"tenant_id": tenant, "id": uuid4(), "name": str(n)} for n in range(LABELS)]
    tasks = [{**_values(each, n), "tenant_id": tenant} for n, each in enumerate(ids)]
    links = [
        {"tenant_id": tenant, "task_id": each, "label_id": labels[(n + k) % LABELS]["id"]}
        for n, each in enumerate(ids)
        for k in range(n % 3)
    ]
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
        for table, rows in ((Label, labels), (Task, tasks), (TaskLabel, links)):
            await connection.execute(insert(table), rows)


def _values(task: UUID, number: int) -> dict[str, Any]:
    at = BEGIN + timedelta(minutes=number)
    return {
        "id": task,
        "title": f"Task {number}",
        "description": "What there is to do. " * 5,
        "priority": "medium",
        "status": "todo",
        "due_at": at + timedelta(days=7) if number % 2 else None,
        "estimate": number % 8 or None,
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }


if __name__ == "__main__":
    main()
