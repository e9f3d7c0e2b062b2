"""The only way to rows of a table that tenants own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Row, delete, true

from app.core.errors import ConcurrentUpdateError, NotFoundError
from app.core.ids import TenantId
from app.db.parameters import given
from app.db.rules import Rule
from app.db.statements import Fixed, Parameters
from app.db.transactions import Transaction
from app.models.base import TenantOwned
from app.repositories import paging
from app.repositories.asking import Asked, TenantStatements
from app.schemas.page import Page, PageRequest, SortKey

EVERY_ROW: Final[ColumnElement[bool]] = true()
_NOTHING_ELSE: Final = Asked()


class TenantRepository[M: TenantOwned](TenantStatements):
    """Data access for one entity.

    Every public method, here and in subclasses, takes a required keyword-only
    `tenant_id`.

    Attributes:
        model: The entity's type; its fields are the table's columns and what is derived.
    """

    model: type[M]

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = EVERY_ROW
    ) -> M | None:
        """Return the entity, or None if the tenant has none that is `visible`."""
        found = self._found(visible, locked=False)
        return await self._optional(found, given(tenant_id, entity_id))

    async def get(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = EVERY_ROW
    ) -> M:
        """Return the entity.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        found = await self.find(entity_id, tenant_id=tenant_id, visible=visible)
        return self._present(found, entity_id)

    async def get_for_update(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = EVERY_ROW
    ) -> M:
        """Return the entity, locked until the transaction ends.

        Raises:
            NotFoundError: If the tenant has none that is `visible`.
        """
        found = self._found(visible, locked=True)
        entity = await self._optional(found, given(tenant_id, entity_id))
        return self._present(entity, entity_id)

    async def exists(
        self, entity_id: UUID, *, tenant_id: TenantId, visible: ColumnElement[bool] = EVERY_ROW
    ) -> bool:
        """Return whether the tenant has the entity and it is `visible`."""
        return await self.holds(entity_id, visible, tenant_id=tenant_id)

    async def holds(
        self, entity_id: UUID, condition: ColumnElement[bool], *, tenant_id: TenantId
    ) -> bool:
        """Return whether the tenant has the entity and `condition` is true of its row."""
        held = self._held(condition)
        return await self._transaction.scalar(held, given(tenant_id, entity_id)) is not None

    async def check(self, entity_id: UUID, rules: Sequence[Rule], *, tenant_id: TenantId) -> None:
        """Hold the stored row against `rules`, all in one statement.

        Raises:
            NotFoundError: If the tenant has no such entity.
            AppError: The error of the first rule that does not hold.
        """
        if not rules:
            return
        asked = self._asked(tuple(rules)) if are_fixed(rules) else self._question(rules)
        row = await self._transaction.one_or_none(asked, given(tenant_id, entity_id))
        require_all(rules, self._present(row, entity_id))

    async def insert(self, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Store a new row of `tenant_id` and return its entity.

        Raises:
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        in_sql = in_sql_of(values)
        stored = self._insertion(values, in_sql=in_sql) if in_sql else self._inserted(tuple(values))
        return self._entity(await self._transaction.one(stored, given(tenant_id, None, values)))

    async def update(self, entity: M, values: Mapping[str, object], *, tenant_id: TenantId) -> M:
        """Change columns of `entity`, count its version up, and return it as it is now.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            UniqueConflictError: If a unique value is taken.
            InvalidReferenceError: If it refers to a row the tenant does not have.
        """
        return self._entity(await self._change_row(entity, values, _NOTHING_ELSE, tenant_id))

    async def delete(self, entity_id: UUID, *, tenant_id: TenantId) -> None:
        """Remove the entity.

        Raises:
            NotFoundError: If the tenant has none.
            ReferencedError: If other rows refer to it.
        """
        removed = delete(self.table).where(self._row())
        if await self._transaction.execute(removed, given(tenant_id, entity_id)) == 0:
            raise NotFoundError((self.table.name, entity_id))

    async def page(
        self,
        request: PageRequest,
        *conditions: ColumnElement[bool],
        tenant_id: TenantId,
        values: Mapping[str, object] = paging.NO_VALUES,
    ) -> Page[M]:
        """Return the part of the tenant's rows that `request` asks for.

        Args:
            request: How many, in which order, after which.
            conditions: What holds for all of them; made once, and not for this call.
            tenant_id: Whose rows.
            values: Of the parameters that `conditions` have.
        """
        # Rows that are alike come in the same direction: one index gives the order both ways.
        descending = bool(request.sort) and request.sort[-1].descending
        sort = (*request.sort, SortKey("id", descending=descending))
        listed = self._listed(conditions, sort, paging.begun(request))
        bounds = paging.bounds(self.table, sort, request)
        items = await self._transaction.made(
            self._maker(), listed, given(tenant_id, None, values) | bounds
        )
        if len(items) <= request.limit:
            return Page(items=items)
        last = items[request.limit - 1]
        following = tuple(getattr(last, key.column) for key in sort)
        return Page(items=items[: request.limit], next=following)

    async def filtered(
        self,
        request: PageRequest,
        filters: Mapping[str, ColumnElement[bool]],
        sent: Mapping[str, object],
        *conditions: ColumnElement[bool],
        tenant_id: TenantId,
    ) -> Page[M]:
        """Return the part that `request` asks for of the rows that pass what was sent.

        Args:
            request: How many, in which order, after which.
            filters: Conditions, each on a parameter of its name.
            sent: Values by the names of filters; None and () leave the list as it is.
            conditions: What holds for all rows in any case.
            tenant_id: Whose rows.
        """
        values = {name: value for name, value in sent.items() if value is not None and value != ()}
        held = (filters[name] for name in values if name in filters)
        return await self.page(request, *conditions, *held, tenant_id=tenant_id, values=values)

    def _entity(self, row: Sequence[Any]) -> M:
        return self._maker()(*row)

    @classmethod
    @cache
    def _maker(cls) -> Callable[..., M]:
        """Return what makes an entity of the values of a row: its type, which has their order."""
        if cls.model.__struct_fields__ != cls._names():
            msg = f"The fields of {cls.model.__name__} must be {', '.join(cls._names())}."
            raise TypeError(msg)
        return cls.model

    def _present[T](self, found: T | None, entity_id: UUID) -> T:
        if found is None:
            raise NotFoundError((self.table.name, entity_id))
        return found

    async def _change_row(
        self, entity: M, values: Mapping[str, object], asked: Asked, tenant_id: TenantId
    ) -> Row[Any]:
        """Change columns of `entity`, and return what the statement tells.

        Raises:
            ConcurrentUpdateError: If the row is no longer in the entity's version.
            AppError: The error of the first of the rules required that does not hold.
        """
        changes = {**values, **self._touched(entity)}
        in_sql = in_sql_of(changes)
        is_fixed = not in_sql and are_fixed(asked.required)
        changed = (
            self._changed(tuple(changes), asked)
            if is_fixed
            else self._change(changes, asked, in_sql)
        )
        row = await self._transaction.one_or_none(changed, given(tenant_id, entity.id, changes))
        if row is None:
            await self.check(entity.id, asked.required, tenant_id=tenant_id)
            raise ConcurrentUpdateError
        return row

    def _touched(self, entity: M) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if "version" in self._columns():
            changes["version"] = getattr(entity, "version") + 1  # noqa: B009  # not every entity has one
        if "updated_at" in self._columns():
            changes["updated_at"] = self._transaction.now
        return changes

    async def _optional(self, statement: Executable | Fixed, parameters: Parameters) -> M | None:
        row = await self._transaction.one_or_none(statement, parameters)
        return None if row is None else self._entity(row)


def require_all(rules: Sequence[Rule], answers: Iterable[bool]) -> None:
    """Let pass what all `rules` hold for.

    Raises:
        AppError: The error of the first rule whose answer is no.
    """
    for holds, rule in zip(answers, rules, strict=True):
        if not holds:
            raise rule.error


def are_fixed(rules: Iterable[Rule]) -> bool:
    """Return whether `rules` are the same for every call."""
    return all(rule.fixed for rule in rules)


def in_sql_of(values: Mapping[str, object]) -> dict[str, ColumnElement[Any]]:
    """Return those of `values` that the database works out."""
    return {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
