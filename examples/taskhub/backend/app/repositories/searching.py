"""Data access for entities whose texts are searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from sqlalchemy import ColumnElement, Table

from app.core.ids import TenantId
from app.core.words import least_words, words_of
from app.db.parameters import given
from app.db.references import NO_REFERENCES, References
from app.db.rules import Rule
from app.db.subqueries import refers
from app.db.words import add_words, bounds, drop_other_words, found_by
from app.models.base import TenantOwned
from app.repositories.asking import STATEMENTS_KEPT
from app.repositories.entities import NO_RULES, EntityRepository
from app.schemas.page import Page, PageRequest


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

    async def insert(
        self,
        values: Mapping[str, object],
        *,
        tenant_id: TenantId,
        references: References = NO_REFERENCES,
        rules: Sequence[Rule] = NO_RULES,
    ) -> M:
        """Store a new row of `tenant_id` with its links and words, and return its entity.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
            AppError: The error of the first tree or of `rules` that does not hold for the row.
        """
        entity = await super().insert(
            values, tenant_id=tenant_id, references=references, rules=rules
        )
        add_words(self._transaction, *self._place, self._words_of(entity, tenant_id))
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
        """Change columns, links and words of `entity`, and return it as it is now.

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
        if values.keys() & set(self.searched.fields):
            words = self._words_of(changed, tenant_id)
            drop_other_words(self._transaction, *self._place, words)
            add_words(self._transaction, *self._place, words)
        return changed

    async def filtered(
        self,
        request: PageRequest,
        filters: Mapping[str, ColumnElement[bool]],
        sent: Mapping[str, object],
        *conditions: ColumnElement[bool],
        tenant_id: TenantId,
    ) -> Page[M]:
        """Return the part that `request` asks for of the rows that pass what was sent.

        What was sent as `q` is searched for; the rest is as in `TenantRepository.filtered`.
        """
        text = sent.get("q")
        if text is not None:
            wanted = least_words(str(text))
            sent = {**sent, **bounds(wanted)}
            conditions = (*conditions, self._found_by(len(wanted)))
        return await super().filtered(request, filters, sent, *conditions, tenant_id=tenant_id)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _found_by(cls, count: int) -> ColumnElement[bool]:
        words, own = cls.searched.table, cls.searched.own
        return found_by(words, refers(words, own, to=cls.table), count)

    @property
    def _place(self) -> tuple[Table, str]:
        return self.searched.table, self.searched.own

    def _words_of(self, entity: M, tenant_id: TenantId) -> dict[str, object]:
        texts = (getattr(entity, name) for name in self.searched.fields)
        return given(tenant_id, entity.id, {"words": sorted(words_of(*texts))})
