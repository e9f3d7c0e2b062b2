"""Data access for entities whose deleted rows are kept and may be restored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, Table, and_, select, true

from app.core.ids import TenantId
from app.core.restoring import DeletedReferenceError, NotDeletedError
from app.db.parameters import ROW, TENANT, given
from app.db.rules import Rule
from app.db.statements import Fixed
from app.models.base import TenantOwned
from app.repositories.entities import NO_RULES, EntityRepository
from app.repositories.nesting import require_shallow
from app.schemas.page import Page, PageRequest, SortKey

_EVERY_ROW: Final = true()
_NEWEST_FIRST: Final = (SortKey("created_at", descending=True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A reference to a row that may have been deleted since the row that refers was.

    Attributes:
        column: What refers.
        to: The table of the other row.
        cleared: Whether the reference is cleared when the other row is deleted.
    """

    column: str
    to: Table
    cleared: bool = False


class RestorableRepository[M: TenantOwned](EntityRepository[M]):
    """Data access for one entity for which deleted rows exist as all others do.

    Attributes:
        needs: References to rows of entities that keep deleted rows, too.
    """

    needs: ClassVar[tuple[Need, ...]] = ()

    async def deleted(
        self, request: PageRequest, *conditions: ColumnElement[bool], tenant_id: TenantId
    ) -> Page[M]:
        """Return the part that `request` asks for of the deleted rows that meet `conditions`."""
        newest_first = replace(request, sort=_NEWEST_FIRST)
        return await self.page(newest_first, self._is_deleted(), *conditions, tenant_id=tenant_id)

    async def restore(
        self, entity: M, *, tenant_id: TenantId, rules: Sequence[Rule] = NO_RULES
    ) -> M:
        """Take the mark from a deleted row, and return its entity as it is now.

        What it refers to is locked, so that nobody deletes it in the meantime.

        Raises:
            NotDeletedError: If it is not deleted.
            DeletedReferenceError: If it cannot be without something that is deleted.
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            AppError: The error of the first tree or of `rules` that does not hold for the row.
        """
        if getattr(entity, "deleted_at") is None:  # noqa: B009  # the type of rows is open
            raise NotDeletedError
        gone = [need for need in self.needs if await self._leads_nowhere(entity, need, tenant_id)]
        if held := [need.column for need in gone if not need.cleared]:
            raise DeletedReferenceError(held)
        changes = dict.fromkeys(["deleted_at", *(need.column for need in gone)])
        restored = await self.update(entity, changes, tenant_id=tenant_id, rules=rules)
        values = given(tenant_id, entity.id)
        for tree in self.trees:
            if getattr(restored, tree.column) is not None:
                await require_shallow(self._transaction, self.table, tree, values)
        return restored

    @classmethod
    def _is_there(cls) -> ColumnElement[bool]:
        return _EVERY_ROW

    @classmethod
    @cache
    def _is_deleted(cls) -> ColumnElement[bool]:
        return cls.table.c.deleted_at.is_not(None)

    async def _leads_nowhere(self, entity: M, need: Need, tenant_id: TenantId) -> bool:
        other_id = getattr(entity, need.column)
        if other_id is None:
            return False
        held = _held(need.to)
        return await self._transaction.one_or_none(held, given(tenant_id, other_id)) is None


@cache
def _held(table: Table) -> Fixed:
    row = and_(table.c.tenant_id == TENANT, table.c.id == ROW, table.c.deleted_at.is_(None))
    return Fixed(select(table.c.id).where(row).with_for_update(read=True, of=table))
