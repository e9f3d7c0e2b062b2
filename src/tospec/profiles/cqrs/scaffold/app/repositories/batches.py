"""Data access for entities whose rows jobs go through."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select

from app.core.ids import TenantId
from app.db.parameters import given, parameter
from app.db.statements import Fixed
from app.models.base import TenantOwned
from app.repositories.asking import STATEMENTS_KEPT
from app.repositories.entities import EntityRepository

BATCH: Final = 100
"""How many rows there are in a batch, unless it is the last one."""
_FIRST: Final = UUID(int=0)


class BatchedRepository[M: TenantOwned](EntityRepository[M]):
    """Data access for one entity, whose rows may be gone through in batches."""

    async def batch(
        self,
        condition: ColumnElement[bool],
        after: UUID | None,
        *,
        tenant_id: TenantId,
        is_fixed: bool = True,
    ) -> Sequence[M]:
        """Return the next entities by id for which `condition` holds, locked.

        Those that another transaction holds are left out.

        Args:
            condition: What holds of their rows.
            after: The id behind which they are; None to begin.
            tenant_id: Whose rows.
            is_fixed: Whether the condition is made once, and not for this call.
        """
        values = given(tenant_id, None, {"after": after or _FIRST})
        statement = self._batch(condition) if is_fixed else self._next(condition)
        return await self._transaction.made(self._maker(), statement, values)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _batch(cls, condition: ColumnElement[bool]) -> Fixed:
        return Fixed(cls._next(condition))

    @classmethod
    def _next(cls, condition: ColumnElement[bool]) -> Select[Any]:
        row_id = cls.table.c.id
        rows = cls._scoped().where(condition, row_id > parameter("after", row_id))
        rows = rows.order_by(row_id).limit(BATCH)
        return rows.with_for_update(of=cls.table, skip_locked=True)
