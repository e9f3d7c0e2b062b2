"""Data access for entities that compute values, link to others, form trees or are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, and_, delete, insert, select, true
from sqlalchemy import update as update_statement

from app.core.errors import NotFoundError
from app.core.ids import TenantId, new_id
from app.db.links import leads_somewhere
from app.models.base import TenantOwned
from app.repositories.base import TenantRepository
from app.repositories.nesting import Nesting, ancestors, depth

_EVERY_ROW: ColumnElement[bool] = true()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMany:
    """A relation to many, and the table that holds its links.

    Attributes:
        field: The entity's field that holds the ids of the other rows.
        table: The table of the links.
        own: Its column that refers to the entity.
        other: Its column that refers to the other row.
    """

    field: str
    table: Table
    own: str
    other: str


class EntityRepository[M: TenantOwned](TenantRepository[M]):
    """Data access for one entity.

    A table with `deleted_at` keeps deleted rows, and they do not exist for any method, nor do
    links to them.

    Attributes:
        links: The entity's relations to many.
        trees: The relations by which it forms trees.
    """

    links: ClassVar[tuple[ToMany, ...]] = ()
    trees: ClassVar[tuple[Nesting, ...]] = ()

    def _computed(self) -> Mapping[str, ColumnElement[Any]]:
        """Return the values that are derived whenever a row is read, by the entity's field."""
        return {}

    def _scoped(self, tenant_id: TenantId) -> Select[Any]:
        computed = (value.label(name) for name, value in self._computed().items())
        rows = select(self.table, *computed).where(self.table.c.tenant_id == tenant_id)
        return rows.where(self.table.c.deleted_at.is_(None)) if self._keeps_deleted else rows

    def _row(self, entity_id: UUID, tenant_id: TenantId) -> ColumnElement[bool]:
        row = super()._row(entity_id, tenant_id)
        return and_(row, self.table.c.deleted_at.is_(None)) if self._keeps_deleted else row

    def _sortable(self, name: str) -> ColumnElement[Any]:
        return super()._sortable(name) if name in self.table.c else self._computed()[name]

    async def _stored(self, row: Row[Any], tenant_id: TenantId) -> M:
        if self._computed():
            return await self.get(row.id, tenant_id=tenant_id)
        return (await self._entities([row]))[0]

    @property
    def _keeps_deleted(self) -> bool:
        return "deleted_at" in self.table.c

    async def _entities(self, rows: Sequence[Row[Any]]) -> list[M]:
        linked = [await self._linked(link, rows) for link in self.links]
        return [
            self.model(**row._mapping, **{name: ids[row.id] for name, ids in linked})
            for row in rows
        ]

    async def _linked(
        self, link: ToMany, rows: Sequence[Row[Any]]
    ) -> tuple[str, dict[UUID, tuple[UUID, ...]]]:
        ids: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
        if ids:
            own, other = link.table.c[link.own], link.table.c[link.other]
            found = select(own.label("own"), other.label("other")).where(
                link.table.c.tenant_id == rows[0].tenant_id,
                own.in_(list(ids)),
                leads_somewhere(other),
            )
            for row in await self._transaction.all(found.order_by(other)):
                ids[row.own].append(row.other)
        return link.field, {entity_id: tuple(others) for entity_id, others in ids.items()}

    async def insert(self, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Store a new row of `tenant_id` with its links, and return its entity.

        Id, times and version are filled in unless `values` has them.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        columns, links = self._split({**self._generated(), **values})
        if not links:
            return await super().insert(columns, tenant_id=tenant_id)
        row = insert(self.table).values({**columns, "tenant_id": tenant_id})
        stored = await self._transaction.one(row.returning(self.table.c.id))
        await self._replace_links(stored.id, links, tenant_id)
        return await self.get(stored.id, tenant_id=tenant_id)

    async def update(self, entity: M, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Change columns and links of `entity`, and return it as it is now.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        columns, links = self._split(values)
        await self._replace_links(entity.id, links, tenant_id)
        return await super().update(entity, columns, tenant_id=tenant_id)

    async def delete(self, entity_id: UUID, *, tenant_id: TenantId) -> None:
        """Remove the entity; where deleted rows are kept, mark it.

        Raises:
            NotFoundError: If the tenant has none.
            ReferencedError: If other rows refer to it.
        """
        if await self.delete_all([entity_id], tenant_id=tenant_id) == 0:
            raise NotFoundError((self.table.name, entity_id))

    async def delete_all(self, ids: Collection[UUID], *, tenant_id: TenantId) -> int:
        """Remove or mark the entities `ids` in one statement, and return how many there were.

        Raises:
            ReferencedError: If other rows refer to one of them.
        """
        rows = and_(self.table.c.tenant_id == tenant_id, self.table.c.id.in_(ids))
        if not self._keeps_deleted:
            return await self._transaction.execute(delete(self.table).where(rows))
        changes = {"deleted_at": self._transaction.now}
        alive = self.table.c.deleted_at.is_(None)
        marked = update_statement(self.table).where(rows, alive).values(changes)
        return await self._transaction.execute(marked)

    async def existing(
        self,
        ids: Collection[UUID],
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool] = _EVERY_ROW,
    ) -> frozenset[UUID]:
        """Return those of `ids` that the tenant has and that are `visible`."""
        if not ids:
            return frozenset()
        rows = self._scoped(tenant_id).where(self.table.c.id.in_(ids), visible)
        found = await self._transaction.all(rows.with_only_columns(self.table.c.id))
        return frozenset(row.id for row in found)

    async def referring(self, column: str, target_id: UUID, *, tenant_id: TenantId) -> Sequence[M]:
        """Return the entities that refer to `target_id` by `column`, locked, oldest first."""
        rows = self._scoped(tenant_id).where(self.table.c[column] == target_id)
        ordered = rows.order_by(self.table.c.id).with_for_update(of=self.table)
        return await self._entities(await self._transaction.all(ordered))

    async def link(
        self, field: str, entity_id: UUID, other_id: UUID, *, tenant_id: TenantId
    ) -> bool:
        """Link the entity to another row, and return whether it was not yet.

        Raises:
            InvalidReferenceError: If the tenant has no such row.
        """
        link = self._link(field)
        if await self._transaction.one_or_none(
            select(link.table).where(*_ends(link, tenant_id, entity_id, other_id))
        ):
            return False
        await self._add_links(link, entity_id, [other_id], tenant_id)
        return True

    async def unlink(
        self, field: str, entity_id: UUID, other_id: UUID, *, tenant_id: TenantId
    ) -> bool:
        """Unlink another row from the entity, and return whether it was linked."""
        link = self._link(field)
        removed = delete(link.table).where(*_ends(link, tenant_id, entity_id, other_id))
        return await self._transaction.execute(removed) > 0

    async def check_trees(self, entity_id: UUID, *, tenant_id: TenantId) -> None:
        """Hold the stored row and its place in its trees against their limits.

        Raises:
            RuleError: The error of the first tree that is too deep or runs in a circle.
        """
        for tree in self.trees:
            above = ancestors(self.table, tree, entity_id, tenant_id)
            row = and_(self.table.c.tenant_id == tenant_id, self.table.c.id.in_(select(above.c.id)))
            # Two moves that would close a circle between them must not both pass.
            held = select(self.table.c.id).where(row).order_by(self.table.c.id)
            await self._transaction.all(held.with_for_update(read=True, of=self.table))
            reached = await self._transaction.scalar(depth(self.table, tree, entity_id, tenant_id))
            if reached > tree.max_depth:
                raise tree.error

    def _generated(self) -> dict[str, object]:
        now = self._transaction.now
        values = {"id": new_id(), "created_at": now, "updated_at": now, "version": 1}
        return {name: value for name, value in values.items() if name in self.table.c}

    def _split(
        self, values: Mapping[str, object]
    ) -> tuple[dict[str, object], dict[str, Collection[UUID]]]:
        links = {link.field: values[link.field] for link in self.links if link.field in values}
        columns = {name: value for name, value in values.items() if name not in links}
        return columns, cast("dict[str, Collection[UUID]]", links)

    async def _replace_links(
        self, entity_id: UUID, links: Mapping[str, Collection[UUID]], tenant_id: TenantId
    ) -> None:
        for field, ids in links.items():
            link = self._link(field)
            own, other = link.table.c[link.own], link.table.c[link.other]
            of_entity = and_(link.table.c.tenant_id == tenant_id, own == entity_id)
            await self._transaction.execute(delete(link.table).where(of_entity, other.not_in(ids)))
            rows = await self._transaction.all(select(other).where(of_entity))
            kept = {row[0] for row in rows}
            added = [other_id for other_id in sorted(ids) if other_id not in kept]
            await self._add_links(link, entity_id, added, tenant_id)

    async def _add_links(
        self, link: ToMany, entity_id: UUID, ids: Sequence[UUID], tenant_id: TenantId
    ) -> None:
        if ids:
            rows = [{"tenant_id": tenant_id, link.own: entity_id, link.other: i} for i in ids]
            await self._transaction.execute(insert(link.table).values(rows))

    def _link(self, field: str) -> ToMany:
        return next(link for link in self.links if link.field == field)


def _ends(
    link: ToMany, tenant_id: TenantId, entity_id: UUID, other_id: UUID
) -> tuple[ColumnElement[bool], ...]:
    columns = link.table.c
    return (
        columns.tenant_id == tenant_id,
        columns[link.own] == entity_id,
        columns[link.other] == other_id,
    )
