"""Tasks for tests."""

from typing import Any
from uuid import UUID

from app.models.task import Task
from app.repositories.tasks import TaskRepository
from tests.factories.labels import make_label
from tests.factories.projects import make_project
from tests.world import Person


async def make_task(by: Person, /, **values: Any) -> Task:
    """Store a task that `by` made; `values` are its columns and links."""
    row: dict[str, Any] = {"title": "Title", "created_by_id": by.id, **values}
    if "project_id" not in row:
        row["project_id"] = (await make_project(by)).id
    async with by.database.begin(by.tenant_id) as transaction:
        return await TaskRepository(transaction).insert(row, tenant_id=by.tenant_id)


async def find_task(by: Person, task_id: UUID, /) -> Task | None:
    """Return the task as the tenant of `by` stores it, if it does."""
    async with by.database.read(by.tenant_id) as transaction:
        return await TaskRepository(transaction).find(task_id, tenant_id=by.tenant_id)


async def least_task(by: Person, /) -> dict[str, Any]:
    """Return the least that `by` sends to create a task."""
    project = await make_project(by)
    return {"title": "Title", "project_id": str(project.id)}


async def full_task(by: Person, /) -> dict[str, Any]:
    """Return all that `by` may send for a task; no value is a default."""
    project = await make_project(by)
    parent = await make_task(by, project_id=project.id)
    label = await make_label(by)
    return {
        "title": "Another title",
        "description": "Another description",
        "priority": "high",
        "due_at": "2031-02-28T12:00:00.000000Z",
        "estimate": 2,
        "project_id": str(project.id),
        "assignee_id": str(by.id),
        "parent_id": str(parent.id),
        "label_ids": [str(label.id)],
    }


async def make_hidden_task(by: Person, /) -> Task:
    """Store a task that `by` sees and not everybody does."""
    project = await make_project(by, visibility="private")
    return await make_task(by, project_id=project.id)
