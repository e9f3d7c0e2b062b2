"""Which rows the ids in a body must name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Table, true

from app.core.errors import InvalidReferenceError, Missing
from app.core.ids import TenantId

_EVERY_ROW: Final[ColumnElement[bool]] = true()


class Named(Protocol):
    """A repository that can tell which ids it knows."""

    table: ClassVar[Table]

    def named(self, name: str, visible: ColumnElement[bool]) -> ColumnElement[bool]:
        """Hold where the parameter `name` names a row that is `visible`."""
        ...

    async def existing(
        self, ids: Collection[UUID], *, tenant_id: TenantId, visible: ColumnElement[bool]
    ) -> frozenset[UUID]:
        """Return those of `ids` that name a visible row of the tenant."""
        ...


@dataclass(frozen=True, slots=True)
class Reference:
    """A member of a body that names a row, or a list of members that do.

    Attributes:
        name: The member.
        rows: What must have the row.
        visible: What must hold of it.
    """

    name: str
    rows: Named
    visible: ColumnElement[bool] = _EVERY_ROW


class References:
    """The references in one body.

    Args:
        values: The body's members by name; null and absent references are fine.
        references: Those that it may have.
    """

    def __init__(self, values: Mapping[str, Any], *references: Reference) -> None:
        self._sent = [
            (reference, value)
            for reference in references
            if (value := values.get(reference.name)) is not None and value != ()
        ]

    async def conditions(self, *, tenant_id: TenantId) -> tuple[ColumnElement[bool], ...]:
        """Return what holds where all of them lead to rows of the tenant.

        The conditions are about parameters with the names of the references. Where there is a list
        of them, all are asked for at once, and no condition is left.

        Raises:
            InvalidReferenceError: If one was asked for and leads nowhere.
        """
        if all(isinstance(value, UUID) for _, value in self._sent):
            return tuple(each.rows.named(each.name, each.visible) for each, _ in self._sent)
        await self.check(tenant_id=tenant_id)
        return ()

    async def check(self, *, tenant_id: TenantId) -> None:
        """Hold all of them against the rows of the tenant.

        Raises:
            InvalidReferenceError: If some lead nowhere; every one is told, with its place.
        """
        faulty: list[str] = []
        missing: list[Missing] = []
        for reference, value in self._sent:
            places = _places(reference.name, value)
            ids, rows = frozenset(places.values()), reference.rows
            found = await rows.existing(ids, tenant_id=tenant_id, visible=reference.visible)
            faulty += [place for place, id_ in places.items() if id_ not in found]
            missing += [(rows.table.name, id_) for id_ in sorted(ids - found)]
        if faulty:
            raise InvalidReferenceError(*faulty, missing=missing)


NO_REFERENCES: Final = References({})


def _places(name: str, value: UUID | tuple[UUID, ...]) -> dict[str, UUID]:
    if isinstance(value, UUID):
        return {f"#/{name}": value}
    return {f"#/{name}/{position}": each for position, each in enumerate(value)}
