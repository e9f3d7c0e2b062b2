"""Data access for entities that compute values, link to others, form trees or are kept."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar, Final, NoReturn, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Row, Select, and_, delete, null, select
from sqlalchemy import update as update_statement
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.core.errors import NotFoundError, SerializationError
from app.core.ids import TenantId, new_id
from app.db.counters import Numbered, next_number, number_within
from app.db.parameters import NOW, TENANT, given, one_of, parameter
from app.db.references import NO_REFERENCES, References
from app.db.rules import Rule
from app.db.statements import Fixed
from app.db.subqueries import reads_other_rows
from app.models.base import TenantOwned
from app.repositories.asking import NO_SQL, STATEMENTS_KEPT, Asked, Conditions
from app.repositories.base import (
    EVERY_ROW,
    TenantRepository,
    are_fixed,
    in_sql_of,
    require_all,
)
from app.repositories.linking import ToMany, added
from app.repositories.nesting import Nesting, require_shallow, turn

NO_RULES: Final[Sequence[Rule]] = ()


class EntityRepository[M: TenantOwned](TenantRepository[M]):
    """Data access for one entity.

    A table with `deleted_at` keeps deleted rows, and they do not exist for any method, nor do
    links to them.

    Attributes:
        links: The entity's relations to many.
        unlisted: The values that no answer to a list tells. Lists do not work them out, since
            that may mean to count many other rows for each row; in their rows they are None.
        trees: The relations by which it forms trees.
        counters: What numbers rows that come without a number.
    """

    links: ClassVar[tuple[ToMany, ...]] = ()
    unlisted: ClassVar[frozenset[str]] = frozenset()
    trees: ClassVar[tuple[Nesting, ...]] = ()
    counters: ClassVar[tuple[Numbered, ...]] = ()

    @classmethod
    def _computed(cls) -> Mapping[str, ColumnElement[Any]]:
        """Return the values that are derived whenever a row is read, by the entity's field."""
        return {}

    @classmethod
    @cache
    def _values(cls) -> Mapping[str, ColumnElement[Any]]:
        return {**cls._computed(), **{link.field: link.ids_of(cls.table) for link in cls.links}}

    @classmethod
    def _scoped(cls) -> Select[Any]:
        rows = super()._scoped()
        return rows.where(cls._is_there()) if cls._keeps_deleted() else rows

    @classmethod
    def _in_lists(cls) -> Select[Any]:
        values = (
            null().label(name) if name in cls.unlisted else value.label(name)
            for name, value in cls._values().items()
        )
        return cls._scoped().with_only_columns(*cls.table.c, *values)

    @classmethod
    def _row(cls) -> ColumnElement[bool]:
        row = super()._row()
        return and_(row, cls._is_there()) if cls._keeps_deleted() else row

    @classmethod
    @cache
    def _defaults(cls) -> Mapping[str, object]:
        """Return what columns hold unless something else is stored.

        SQLAlchemy fills them in by itself, but for some of a statement that counts as well.
        """
        defaults = {column.name: column.default for column in cls.table.c}
        return {
            name: default.arg
            for name, default in defaults.items()
            if isinstance(default, ScalarElementColumnDefault)
        }

    @classmethod
    def _addition(
        cls,
        names: Collection[str],
        in_sql: Mapping[str, Any] = NO_SQL,
        required: Conditions = (),
    ) -> Insert:
        numbers = {
            counter.column: number_within(counter.table, required)
            for counter in cls.counters
            if counter.column not in names
        }
        if required and numbers:
            # What was not counted is not stored.
            required = tuple(number.is_not(None) for number in numbers.values())
        return super()._addition(names, {**in_sql, **numbers}, required)

    @classmethod
    def _is_there(cls) -> ColumnElement[bool]:
        """Hold for the rows that exist for the methods of a table that keeps deleted rows."""
        return cls.table.c.deleted_at.is_(None)

    @classmethod
    def _keeps_deleted(cls) -> bool:
        return "deleted_at" in cls.table.c

    async def insert(
        self,
        values: Mapping[str, object],
        *,
        tenant_id: TenantId,
        references: References = NO_REFERENCES,
        rules: Sequence[Rule] = NO_RULES,
    ) -> M:
        """Store a new row of `tenant_id` with its links, and return its entity.

        Id, times, version and numbers are filled in unless `values` has them.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
            AppError: The error of the first tree or of `rules` that does not hold for the row.
        """
        columns, links = self._split({**self._defaults(), **self._generated(), **values})
        required = await self._required(references, tenant_id)
        await self._fill_numbers(columns, tenant_id)
        parameters, in_sql = given(tenant_id, None, columns), in_sql_of(columns)
        if not any(links.values()) and self._tells(columns, rules):
            inserted = (
                self._insertion(columns, rules, in_sql, required)
                if in_sql
                else self._inserted(tuple(columns), tuple(rules), required)
            )
            row = await self._transaction.one_or_none(inserted, parameters)
            if row is None:
                await self._refuse(references, tenant_id)
            return self._judged(row, rules)
        added = (
            self._addition(columns, in_sql, required)
            if in_sql
            else self._added(tuple(columns), required)
        )
        if not await self._transaction.execute(added, parameters):
            await self._refuse(references, tenant_id)
        row_id = cast("UUID", columns["id"])
        for field, ids in links.items():
            self._add_links(self._link(field), row_id, sorted(ids), tenant_id)
        return await self._stored(row_id, columns, rules, tenant_id)

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

        Args:
            entity: The row as it was read.
            values: The new values.
            tenant_id: Whose row.
            required: What must hold for the row before anything changes.
            rules: What must hold for it afterwards.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
            AppError: The error of the first of `required`, of the trees or of `rules` that does
                not hold.
        """
        columns, links = self._split(values)
        if links:
            await self.check(entity.id, required, tenant_id=tenant_id)
            required = NO_RULES
            await self._replace_links(entity.id, links, tenant_id)
        tells = self._tells(columns, rules)
        asked = Asked(tuple(required), tells=tells, rules=tuple(rules) if tells else ())
        row = await self._change_row(entity, columns, asked, tenant_id)
        if tells:
            return self._judged(row, rules)
        return await self._stored(entity.id, columns, rules, tenant_id)

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
        values = given(tenant_id, None, {"ids": ids})
        return await self._transaction.execute(self._removed(), values)

    async def existing(
        self,
        ids: Collection[UUID],
        *,
        tenant_id: TenantId,
        visible: ColumnElement[bool] = EVERY_ROW,
    ) -> frozenset[UUID]:
        """Return those of `ids` that the tenant has and that are `visible`."""
        if not ids:
            return frozenset()
        values = given(tenant_id, None, {"ids": ids})
        found = await self._transaction.all(self._among(visible), values)
        return frozenset(row.id for row in found)

    async def referring(self, column: str, target_id: UUID, *, tenant_id: TenantId) -> Sequence[M]:
        """Return the entities that refer to `target_id` by `column`, locked, oldest first."""
        values = given(tenant_id, None, {"target": target_id})
        return await self._transaction.made(self._maker(), self._referring(column), values)

    async def forget(self, column: str, target_id: UUID, *, tenant_id: TenantId) -> None:
        """Let deleted rows that refer to `target_id` by `column` refer to nothing."""
        values = given(tenant_id, None, {"target": target_id})
        await self._transaction.execute(self._forgetting(column), values)

    async def link(
        self, field: str, entity_id: UUID, other_id: UUID, *, tenant_id: TenantId
    ) -> bool:
        """Link the entity to another row, and return whether it was not yet.

        Raises:
            InvalidReferenceError: If the tenant has no such row.
        """
        link = self._link(field)
        values = given(tenant_id, entity_id, {"other": other_id})
        linked = select(link.table).where(link.to_other())
        if await self._transaction.one_or_none(linked, values):
            return False
        self._add_links(link, entity_id, [other_id], tenant_id)
        return True

    async def unlink(
        self, field: str, entity_id: UUID, other_id: UUID, *, tenant_id: TenantId
    ) -> bool:
        """Unlink another row from the entity, and return whether it was linked."""
        link = self._link(field)
        removed = delete(link.table).where(link.to_other())
        values = given(tenant_id, entity_id, {"other": other_id})
        return await self._transaction.execute(removed, values) > 0

    async def hold_trees(self, *, tenant_id: TenantId) -> None:
        """Let no other transaction move rows of the tenant in these trees until this one ends.

        Whoever moves a row holds it, and then asks for those above it. Two that run into each
        other would wait until the database gives up one of them, and all others with them.
        """
        if self._transaction.dialect == "postgresql":
            await self._transaction.all(self._turn(), given(tenant_id))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _removed(cls) -> Fixed:
        rows = and_(cls.table.c.tenant_id == TENANT, one_of(cls.table.c.id, "ids"))
        if not cls._keeps_deleted():
            return Fixed(delete(cls.table).where(rows))
        marked = update_statement(cls.table).where(rows, cls.table.c.deleted_at.is_(None))
        return Fixed(marked.values(deleted_at=NOW))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _among(cls, visible: ColumnElement[bool]) -> Fixed:
        rows = cls._scoped().where(one_of(cls.table.c.id, "ids"), visible)
        return Fixed(rows.with_only_columns(cls.table.c.id))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _referring(cls, column: str) -> Fixed:
        refers = cls.table.c[column] == parameter("target", cls.table.c[column])
        rows = cls._scoped().where(refers).order_by(cls.table.c.id)
        return Fixed(rows.with_for_update(of=cls.table))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _forgetting(cls, column: str) -> Fixed:
        refers = cls.table.c[column] == parameter("target", cls.table.c[column])
        deleted = and_(cls.table.c.tenant_id == TENANT, cls.table.c.deleted_at.is_not(None))
        return Fixed(update_statement(cls.table).where(deleted, refers).values({column: None}))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _turn(cls) -> Fixed:
        return Fixed(turn(cls.table))

    async def _stored(
        self,
        row_id: UUID,
        written: Mapping[str, object],
        rules: Sequence[Rule],
        tenant_id: TenantId,
    ) -> M:
        """Return a row that was written, if its trees and `rules` hold, in one statement.

        Args:
            row_id: Which row.
            written: The columns that have a new value, and the values.
            rules: What must hold for it.
            tenant_id: Whose row.
        """
        for tree in self.trees:
            if written.get(tree.column) is not None:
                await require_shallow(self._transaction, self.table, tree, given(tenant_id, row_id))
        is_fixed = are_fixed(rules)
        asked: Fixed | Select[Any] = (
            self._found_and_asked(tuple(rules)) if is_fixed else self._finding_and_question(rules)
        )
        found = await self._transaction.one_or_none(asked, given(tenant_id, row_id))
        return self._judged(self._present(found, row_id), rules)

    async def _required(self, references: References, tenant_id: TenantId) -> Conditions:
        """Return what must hold, or a row is not stored.

        SQLite, which a statement costs little, counts numbers before, and is asked before that.

        Raises:
            InvalidReferenceError: If it was asked, and a reference leads nowhere.
        """
        if self._transaction.dialect == "postgresql":
            return await references.conditions(tenant_id=tenant_id)
        await references.check(tenant_id=tenant_id)
        return ()

    async def _refuse(self, references: References, tenant_id: TenantId) -> NoReturn:
        """Tell why a row was not stored.

        Raises:
            InvalidReferenceError: If one of its references leads nowhere.
            SerializationError: If all of them do lead somewhere by now.
        """
        await references.check(tenant_id=tenant_id)
        raise SerializationError

    def _judged(self, row: Row[Any], rules: Sequence[Rule]) -> M:
        """Return the entity of a row that is followed by what is said of `rules`, if all hold."""
        width = len(self._names())
        require_all(rules, row[width:])
        return self._entity(row[:width])

    def _tells(self, written: Mapping[str, object], rules: Sequence[Rule]) -> bool:
        """Return whether the statement that writes a row tells all of it, and of `rules`.

        It sees all other rows as they were before, and SQLite's sees none. A place in a tree is
        looked at before the rules are asked.
        """
        if any(written.get(tree.column) is not None for tree in self.trees):
            return False
        if not rules and not self._values():
            return True
        is_able = self._transaction.dialect == "postgresql" and are_fixed(rules)
        return is_able and self._tells_of(tuple(rules))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _tells_of(cls, rules: tuple[Rule, ...]) -> bool:
        told = (*cls._values().values(), *(rule.condition for rule in rules))
        trees = [tree.column for tree in cls.trees]
        return all(reads_other_rows(value, cls.table, trees) for value in told)

    def _generated(self) -> dict[str, object]:
        now = self._transaction.now
        values = {"id": new_id(), "created_at": now, "updated_at": now, "version": 1}
        return {name: value for name, value in values.items() if name in self._columns()}

    async def _fill_numbers(self, columns: dict[str, object], tenant_id: TenantId) -> None:
        """Fill in the numbers that a row is stored with, as far as its statement does not."""
        if self._transaction.dialect == "postgresql":
            return
        for counter in self.counters:
            if counter.column not in columns:
                values = given(tenant_id, None, columns)
                number = await next_number(self._transaction, counter.table, values)
                columns[counter.column] = number

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
            other = link.table.c[link.other]
            values = given(tenant_id, entity_id, {"ids": ids})
            left = delete(link.table).where(link.of_row(), ~one_of(other, "ids"))
            await self._transaction.execute(left, values)
            rows = await self._transaction.all(select(other).where(link.of_row()), values)
            kept = {row[0] for row in rows}
            added = [other_id for other_id in sorted(ids) if other_id not in kept]
            self._add_links(link, entity_id, added, tenant_id)

    def _add_links(
        self, link: ToMany, entity_id: UUID, ids: Sequence[UUID], tenant_id: TenantId
    ) -> None:
        for other_id in ids:
            values = given(tenant_id, entity_id, {"other": other_id})
            self._transaction.later(added(link), values)

    def _link(self, field: str) -> ToMany:
        return next(link for link in self.links if link.field == field)
