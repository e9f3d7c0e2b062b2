"""The slice with the ORM: a session, instances that it tracks, relations that it loads."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError
from tables import OutboxMessage, Task


class Tasks:
    """Tasks of one tenant at a time."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, task_id: UUID, *, tenant_id: UUID) -> Task:
        """Return a task."""
        rows = select(Task).where(Task.tenant_id == tenant_id, Task.id == task_id)
        return (await self._session.scalars(rows)).one()

    async def page(
        self, limit: int, *, tenant_id: UUID, after: tuple[datetime, UUID] | None = None
    ) -> list[Task]:
        """Return tasks, newest first, from a place on."""
        rows = select(Task).where(Task.tenant_id == tenant_id).limit(limit)
        rows = rows.order_by(Task.created_at.desc(), Task.id.desc())
        if after is not None:
            rows = rows.where(tuple_(Task.created_at, Task.id) < after)
        return list(await self._session.scalars(rows))

    async def create(self, values: dict[str, Any], *, tenant_id: UUID) -> Task:
        """Store a task and its event."""
        task = Task(**values, tenant_id=tenant_id, labels=[])
        self._session.add_all([task, self._event("TaskCreated", task.id, tenant_id)])
        await self._session.flush()
        return task

    async def change(self, task: Task, values: dict[str, Any]) -> Task:
        """Change a task that is still in its version, and store an event."""
        held = select(Task.version).where(Task.tenant_id == task.tenant_id, Task.id == task.id)
        if await self._session.scalar(held.with_for_update()) != task.version:
            raise StaleDataError
        for name, value in values.items():
            setattr(task, name, value)
        task.version += 1
        self._session.add(self._event("TaskChanged", task.id, task.tenant_id))
        await self._session.flush()
        return task

    def _event(self, name: str, task_id: UUID, tenant_id: UUID) -> OutboxMessage:
        payload = {"id": str(task_id)}
        return OutboxMessage(tenant_id=tenant_id, id=uuid4(), name=name, payload=payload)
