"""Labels for tests."""

from typing import Any
from uuid import UUID

from app.models.label import Label
from app.repositories.labels import LabelRepository
from tests.world import Person, number


async def make_label(by: Person, /, **values: Any) -> Label:
    """Store a label that `by` made; `values` are its columns and links."""
    row: dict[str, Any] = {"name": f"Name {number()}", **values}
    async with by.database.begin(by.tenant_id) as transaction:
        return await LabelRepository(transaction).insert(row, tenant_id=by.tenant_id)


async def find_label(by: Person, label_id: UUID, /) -> Label | None:
    """Return the label as the tenant of `by` stores it, if it does."""
    async with by.database.read(by.tenant_id) as transaction:
        return await LabelRepository(transaction).find(label_id, tenant_id=by.tenant_id)


async def least_label(by: Person, /) -> dict[str, Any]:
    """Return the least that `by` sends to create a label."""
    return {"name": f"Name {number()}"}


async def full_label(by: Person, /) -> dict[str, Any]:
    """Return all that `by` may send for a label; no value is a default."""
    return {"name": f"Name {number()}", "color": "#111111"}
