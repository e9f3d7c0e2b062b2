"""Data access for entities whose texts are searched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Table

from app.core.ids import TenantId
from app.core.words import words_of
from app.db.words import keep_words
from app.models.base import TenantOwned
from app.repositories.entities import EntityRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What rows of an entity are found by.

    Attributes:
        fields: The entity's texts.
        table: The table of their words.
        own: Its column that refers to the entity.
    """

    fields: tuple[str, ...]
    table: Table
    own: str


class SearchedRepository[M: TenantOwned](EntityRepository[M]):
    """Data access for one entity whose texts are searched.

    The words of a row are written with it, in the same transaction, so that a search never
    finds what the row said before.

    Attributes:
        searched: The texts, and where their words are.
    """

    searched: ClassVar[Searched]

    async def insert(self, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Store a new row of `tenant_id` with its links and words, and return its entity.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        entity = await super().insert(values, tenant_id=tenant_id)
        await self._keep_words(entity, tenant_id)
        return entity

    async def update(self, entity: M, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Change columns, links and words of `entity`, and return it as it is now.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        changed = await super().update(entity, values, tenant_id=tenant_id)
        if values.keys() & set(self.searched.fields):
            await self._keep_words(changed, tenant_id)
        return changed

    async def _keep_words(self, entity: M, tenant_id: TenantId) -> None:
        texts = (getattr(entity, name) for name in self.searched.fields)
        key: dict[str, UUID] = {"tenant_id": tenant_id, self.searched.own: entity.id}
        await keep_words(self._transaction, self.searched.table, key, words_of(*texts))
