"""Data access for entities that kept answers count."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from app.core.ids import TenantId
from app.db.changes import end_answers
from app.db.parameters import TENANT, given, one_of
from app.db.references import NO_REFERENCES, References
from app.db.rules import Rule
from app.db.statements import Fixed
from app.models.base import TenantOwned
from app.repositories.entities import NO_RULES, EntityRepository


class WatchedRepository[M: TenantOwned](EntityRepository[M]):
    """Data access for one entity, whose changes end kept answers.

    Attributes:
        counted: Names of answers, each with the column that says which row's answer counts a row.
    """

    counted: ClassVar[tuple[tuple[str, str], ...]]

    async def insert(
        self,
        values: Mapping[str, object],
        *,
        tenant_id: TenantId,
        references: References = NO_REFERENCES,
        rules: Sequence[Rule] = NO_RULES,
    ) -> M:
        """Store a new row of `tenant_id` with its links, and return its entity.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
            AppError: The error of the first tree or of `rules` that does not hold for the row.
        """
        entity = await super().insert(
            values, tenant_id=tenant_id, references=references, rules=rules
        )
        self._end_answers(entity, tenant_id=tenant_id)
        return entity

    async def update(
        self,
        entity: M,
        values: Mapping[str, object],
        *,
        tenant_id: TenantId,
        required: Sequence[Rule] = NO_RULES,
        rules: Sequence[Rule] = NO_RULES,
    ) -> M:
        """Change columns and links of `entity`, and return it as it is now.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
            AppError: The error of the first of `required`, of the trees or of `rules` that does
                not hold.
        """
        changed = await super().update(
            entity, values, tenant_id=tenant_id, required=required, rules=rules
        )
        self._end_answers(entity, changed, tenant_id=tenant_id)
        return changed

    async def delete_all(self, ids: Collection[UUID], *, tenant_id: TenantId) -> int:
        """Remove or mark the entities `ids`, and return how many there were.

        Raises:
            ReferencedError: If other rows refer to one of them.
        """
        rows = await self._transaction.all(self._gone(), given(tenant_id, None, {"ids": ids}))
        count = await super().delete_all(ids, tenant_id=tenant_id)
        self._end_answers(*rows, tenant_id=tenant_id)
        return count

    @classmethod
    @cache
    def _gone(cls) -> Fixed:
        columns = sorted({column for _, column in cls.counted})
        gone = select(*(cls.table.c[column] for column in columns))
        return Fixed(gone.where(cls.table.c.tenant_id == TENANT, one_of(cls.table.c.id, "ids")))

    def _end_answers(self, *rows: Any, tenant_id: TenantId) -> None:
        for answer, column in self.counted:
            owners = [getattr(row, column) for row in rows]
            end_answers(answer, owners, tenant_id=tenant_id)
