"""The slice with SQLAlchemy Core: expressions over the tables, rows as frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Table, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from tables import OutboxMessage, Task, TaskLabel

tasks: Table = Task.__table__
links: Table = TaskLabel.__table__
outbox: Table = OutboxMessage.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as it is stored."""

    tenant_id: UUID
    id: UUID
    title: str
    description: str
    priority: str
    status: str
    due_at: datetime | None
    estimate: int | None
    created_at: datetime
    updated_at: datetime
    version: int
    label_ids: tuple[UUID, ...]


class Tasks:
    """Tasks of one tenant at a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, task_id: UUID, *, tenant_id: UUID) -> TaskRow:
        """Return a task."""
        rows = select(tasks).where(tasks.c.tenant_id == tenant_id, tasks.c.id == task_id)
        return (await self._read((await self._connection.execute(rows)).all()))[0]

    async def page(
        self, limit: int, *, tenant_id: UUID, after: tuple[datetime, UUID] | None = None
    ) -> list[TaskRow]:
        """Return tasks, newest first, from a place on."""
        key = tuple_(tasks.c.created_at, tasks.c.id)
        rows = select(tasks).where(tasks.c.tenant_id == tenant_id).limit(limit)
        rows = rows.order_by(tasks.c.created_at.desc(), tasks.c.id.desc())
        if after is not None:
            rows = rows.where(key < after)
        return await self._read((await self._connection.execute(rows)).all())

    async def create(self, values: dict[str, Any], *, tenant_id: UUID) -> TaskRow:
        """Store a task and its event."""
        new = insert(tasks).values(**values, tenant_id=tenant_id).returning(*tasks.c)
        row = (await self._connection.execute(new)).one()
        await self._announce("TaskCreated", row.id, tenant_id)
        return TaskRow(**row._mapping, label_ids=())

    async def change(self, task: TaskRow, values: dict[str, Any]) -> TaskRow:
        """Change a task that is still in its version, and store an event."""
        change = (
            update(tasks)
            .where(
                tasks.c.tenant_id == task.tenant_id,
                tasks.c.id == task.id,
                tasks.c.version == task.version,
            )
            .values(**values, version=task.version + 1)
        )
        row = (await self._connection.execute(change.returning(*tasks.c))).one()
        await self._announce("TaskChanged", task.id, task.tenant_id)
        return TaskRow(**row._mapping, label_ids=task.label_ids)

    async def _announce(self, name: str, task_id: UUID, tenant_id: UUID) -> None:
        event = {"tenant_id": tenant_id, "id": uuid4(), "name": name}
        await self._connection.execute(insert(outbox).values(**event, payload={"id": str(task_id)}))

    async def _read(self, rows: Sequence[Row[Any]]) -> list[TaskRow]:
        ids: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
        found = select(links.c.task_id, links.c.label_id).where(
            links.c.tenant_id == rows[0].tenant_id, links.c.task_id.in_(list(ids))
        )
        for link in await self._connection.execute(found.order_by(links.c.label_id)):
            ids[link.task_id].append(link.label_id)
        return [TaskRow(**row._mapping, label_ids=tuple(ids[row.id])) for row in rows]
