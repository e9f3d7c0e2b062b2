"""Checks that the ids in a body name rows that the actor may see."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Table, true

from app.core.errors import InvalidReferenceError, Missing
from app.core.ids import TenantId

_EVERY_ROW: ColumnElement[bool] = true()


class Existing(Protocol):
    """A repository that can tell which ids it knows."""

    table: ClassVar[Table]

    async def existing(
        self, ids: Collection[UUID], *, tenant_id: TenantId, visible: ColumnElement[bool]
    ) -> frozenset[UUID]:
        """Return those of `ids` that name a visible row of the tenant."""
        ...


class References:
    """The references in one body; every faulty one is told, with its place.

    Args:
        values: The body's members by name; null and absent references are fine.
        tenant_id: The tenant whose rows may be named.
    """

    def __init__(self, values: Mapping[str, Any], *, tenant_id: TenantId) -> None:
        self._values = values
        self._tenant_id = tenant_id
        self._faulty: list[str] = []
        self._missing: list[Missing] = []

    async def check(
        self, name: str, rows: Existing, *, visible: ColumnElement[bool] = _EVERY_ROW
    ) -> None:
        """Note the reference, or each of the list of references, `name` that leads nowhere."""
        places = _places(name, self._values.get(name))
        if not places:
            return
        ids = frozenset(places.values())
        found = await rows.existing(ids, tenant_id=self._tenant_id, visible=visible)
        self._faulty += [place for place, id_ in places.items() if id_ not in found]
        self._missing += [(rows.table.name, id_) for id_ in sorted(ids - found)]

    def require(self) -> None:
        """Let pass a body whose references all lead somewhere.

        Raises:
            InvalidReferenceError: If one does not.
        """
        if self._faulty:
            raise InvalidReferenceError(*self._faulty, missing=self._missing)


def _places(name: str, value: UUID | tuple[UUID, ...] | None) -> dict[str, UUID]:
    if value is None:
        return {}
    if isinstance(value, UUID):
        return {f"#/{name}": value}
    return {f"#/{name}/{position}": each for position, each in enumerate(value)}
