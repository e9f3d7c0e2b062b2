"""Projects for tests."""

from typing import Any
from uuid import UUID

from app.models.project import Project
from app.repositories.projects import ProjectRepository
from tests.world import Person, number, spelled


async def make_project(by: Person, /, **values: Any) -> Project:
    """Store a project that `by` made; `values` are its columns and links."""
    row: dict[str, Any] = {
        "name": f"Name {number()}",
        "key": spelled("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 6),
        "created_by_id": by.id,
        **values,
    }
    async with by.database.begin(by.tenant_id) as transaction:
        return await ProjectRepository(transaction).insert(row, tenant_id=by.tenant_id)


async def find_project(by: Person, project_id: UUID, /) -> Project | None:
    """Return the project as the tenant of `by` stores it, if it does."""
    async with by.database.read(by.tenant_id) as transaction:
        return await ProjectRepository(transaction).find(project_id, tenant_id=by.tenant_id)


async def least_project(by: Person, /) -> dict[str, Any]:
    """Return the least that `by` sends to create a project."""
    return {"name": f"Name {number()}", "key": spelled("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 6)}


async def full_project(by: Person, /) -> dict[str, Any]:
    """Return all that `by` may send for a project; no value is a default."""
    return {
        "name": f"Name {number()}",
        "key": spelled("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 6),
        "description": "Another description",
        "visibility": "private",
        "reviewed_by_others": True,
    }


async def make_hidden_project(by: Person, /) -> Project:
    """Store a project that `by` sees and not everybody does."""
    return await make_project(by, visibility="private")
