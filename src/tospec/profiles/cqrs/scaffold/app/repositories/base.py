"""The only way to a statement on a table that tenants own."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Enum,
    Row,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from app.core.errors import ConcurrentUpdateError, NotFoundError
from app.core.ids import TenantId
from app.db.engine import Transaction
from app.db.rules import Rule
from app.models.base import TenantOwned, hydrate
from app.schemas.page import Page, PageRequest, SortKey, SortValue

_EVERY_ROW: ColumnElement[bool] = true()


class TenantRepository[M: TenantOwned]:
    """Data access for one entity.

    Every public method, here and in subclasses, takes a required keyword-only
    `tenant_id` and starts from `_scoped`.

    Attributes:
        table: The entity's table.
        model: The entity's type; its fields are the table's columns.
        computed: Whether `_scoped` or `_entities` add values that the table does not hold.
    """

    table: ClassVar[Table]
    model: type[M]
    computed: ClassVar[bool] = False

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def _scoped(self, tenant_id: TenantId) -> Select[Any]:
        """Return the tenant's rows; a subclass adds what its model computes."""
        return select(self.table).where(self.table.c.tenant_id == tenant_id)

    async def _entities(self, rows: Sequence[Row[Any]]) -> list[M]:
        """Return the entities of `rows`; a subclass adds what other tables hold."""
        return [hydrate(self.model, row) for row in rows]

    def _row(self, entity_id: UUID, tenant_id: TenantId) -> ColumnElement[bool]:
        return and_(self.table.c.tenant_id == tenant_id, self.table.c.id == entity_id)

    async def find(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = _EVERY_ROW
    ) -> M | None:
        """Return the entity, or None if the tenant has none that is `visible`."""
        found = self._scoped(tenant_id).where(self.table.c.id == entity_id, visible)
        return await self._optional(found)

    async def get(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = _EVERY_ROW
    ) -> M:
        """Return the entity.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        found = await self.find(entity_id, tenant_id=tenant_id, visible=visible)
        return self._present(found, entity_id)

    async def get_for_update(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = _EVERY_ROW
    ) -> M:
        """Return the entity, locked until the transaction ends.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        found = self._scoped(tenant_id).where(self.table.c.id == entity_id, visible)
        row = await self._optional(found.with_for_update(of=self.table))
        return self._present(row, entity_id)

    async def exists(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = _EVERY_ROW
    ) -> bool:
        """Return whether the tenant has the entity and it is `visible`."""
        return await self.holds(entity_id, visible, tenant_id=tenant_id)

    async def holds(
        self, entity_id: UUID, condition: ColumnElement[bool], *, tenant_id: TenantId
    ) -> bool:
        """Return whether the tenant has the entity and `condition` is true of its row."""
        found = select(self.table.c.id).where(self._row(entity_id, tenant_id), condition)
        return await self._transaction.scalar(found) is not None

    async def check(self, entity_id: UUID, rules: Sequence[Rule], *, tenant_id: TenantId) -> None:
        """Hold the stored row against `rules`, all in one statement.

        Raises:
            NotFoundError: If the tenant has no such entity.
            AppError: The error of the first rule that does not hold.
        """
        if not rules:
            return
        # A rule that is unknown (NULL) does not hold.
        columns = [func.coalesce(rule.condition, false()) for rule in rules]
        row = await self._transaction.one_or_none(
            select(*columns).select_from(self.table).where(self._row(entity_id, tenant_id))
        )
        for holds, rule in zip(self._present(row, entity_id), rules, strict=True):
            if not holds:
                raise rule.error

    async def insert(self, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Store a new row of `tenant_id` and return its entity.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        stored = insert(self.table).values({**values, "tenant_id": tenant_id})
        row = await self._transaction.one(stored.returning(*self.table.c))
        return await self._stored(row, tenant_id)

    async def update(self, entity: M, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Change columns of `entity`, count its version up, and return it as it is now.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        statement = update(self.table).where(self._row(entity.id, tenant_id))
        changes = {**values, **self._touched(entity)}
        if "version" in changes:
            statement = statement.where(self.table.c.version == changes["version"] - 1)
        changed = statement.values(changes).returning(*self.table.c)
        row = await self._transaction.one_or_none(changed)
        if row is None:
            raise ConcurrentUpdateError
        return await self._stored(row, tenant_id)

    async def delete(self, entity_id: UUID, *, tenant_id: TenantId) -> None:
        """Remove the entity.

        Raises:
            NotFoundError: If the tenant has none.
            ReferencedError: If other rows refer to it.
        """
        removed = delete(self.table).where(self._row(entity_id, tenant_id))
        if await self._transaction.execute(removed) == 0:
            raise NotFoundError((self.table.name, entity_id))

    def _present[T](self, found: T | None, entity_id: UUID) -> T:
        if found is None:
            raise NotFoundError((self.table.name, entity_id))
        return found

    def _touched(self, entity: M) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if "version" in self.table.c:
            changes["version"] = getattr(entity, "version") + 1  # noqa: B009  # not every entity has one
        if "updated_at" in self.table.c:
            changes["updated_at"] = self._transaction.now
        return changes

    async def page(
        self,
        request: PageRequest,
        *conditions: ColumnElement[bool],
        tenant_id: TenantId,
    ) -> Page[M]:
        """Return the part of the tenant's rows that `request` asks for."""
        # Rows that are alike come in the same direction: one index gives the order both ways.
        descending = bool(request.sort) and request.sort[-1].descending
        sort = (*request.sort, SortKey("id", descending=descending))
        statement = self._scoped(tenant_id).where(*conditions).limit(request.limit + 1)
        for key in sort:
            statement = statement.order_by(*self._order(key))
        if request.after is not None:
            statement = statement.where(self._beyond(sort, request.after))
        return await self._page_of(await self._transaction.all(statement), request.limit, sort)

    async def _page_of(
        self, rows: Sequence[Row[Any]], limit: int, sort: tuple[SortKey, ...]
    ) -> Page[M]:
        items = await self._entities(rows[:limit])
        if len(rows) <= limit:
            return Page(items=items)
        last = rows[limit - 1]._mapping  # the public name of a row's mapping
        return Page(items=items, next=tuple(last[key.column] for key in sort))

    def _sortable(self, name: str) -> ColumnElement[Any]:
        """Return what a sort by `name` compares; an enum sorts as it was declared."""
        column = self.table.c[name]
        return _rank_of(column) if isinstance(column.type, Enum) else column

    def _order(self, key: SortKey) -> tuple[ColumnElement[Any], ...]:
        column = self._sortable(key.column)
        direction = column.desc() if key.descending else column.asc()
        return (column.is_(None), direction) if self._nullable(key.column) else (direction,)

    def _nullable(self, name: str) -> bool:
        return name not in self.table.c or bool(self.table.c[name].nullable)

    def _beyond(self, sort: Sequence[SortKey], after: Sequence[SortValue]) -> ColumnElement[bool]:
        """Return the condition that a row comes after the row with the values `after`."""
        alternatives: list[ColumnElement[bool]] = []
        equal: list[ColumnElement[bool]] = []
        for key, last in zip(sort, after, strict=True):
            value = self._compared(key.column, last)
            alternatives.append(and_(*equal, self._greater(key, value)))
            column = self._sortable(key.column)
            equal.append(column.is_(None) if value is None else column == value)
        first = self._compared(sort[0].column, after[0])
        return and_(self._not_before(sort[0], first), or_(*alternatives))

    def _not_before(self, key: SortKey, value: SortValue) -> ColumnElement[bool]:
        """Return what the rest of `_beyond` implies: an index begins there, not at the top."""
        column = self._sortable(key.column)
        if value is None or self._nullable(key.column):
            return column.is_(None) if value is None else true()
        last = literal(value, column.type)
        return column <= last if key.descending else column >= last

    def _compared(self, name: str, value: SortValue) -> SortValue:
        members = _members_of(self.table.c[name]) if name in self.table.c else []
        return members.index(str(value)) if members and value is not None else value

    def _greater(self, key: SortKey, value: SortValue) -> ColumnElement[bool]:
        column = self._sortable(key.column)
        if value is None:
            return false()
        # As a parameter: SQLAlchemy takes no bare truth value as more or less than another.
        last = literal(value, column.type)
        greater = column < last if key.descending else column > last
        return or_(greater, column.is_(None)) if self._nullable(key.column) else greater

    async def _stored(self, row: Row[Any], tenant_id: TenantId) -> M:
        if self.computed:
            return await self.get(row.id, tenant_id=tenant_id)
        return (await self._entities([row]))[0]

    async def _optional(self, statement: Select[Any]) -> M | None:
        row = await self._transaction.one_or_none(statement)
        return None if row is None else (await self._entities([row]))[0]


def _members_of(column: ColumnElement[Any]) -> list[str]:
    kind = column.type
    return list(kind.enums) if isinstance(kind, Enum) else []


def _rank_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    # Written out rather than bound: an index on the rank holds the very same words.
    ranks = {
        literal(member, String(), literal_execute=True): literal(rank, literal_execute=True)
        for rank, member in enumerate(_members_of(column))
    }
    return case(ranks, value=column)
