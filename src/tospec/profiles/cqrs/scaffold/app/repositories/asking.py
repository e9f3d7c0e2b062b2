"""What repositories ask: statements on one table that tenants own.

Each is made once for its conditions, and asked with the values of a call.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    and_,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from app.db.insertions import inserting
from app.db.parameters import ROW, TENANT, parameter
from app.db.rules import Rule
from app.db.statements import Fixed
from app.db.subqueries import of_row
from app.repositories import paging
from app.schemas.page import SortKey

STATEMENTS_KEPT: Final = 500
NO_SQL: Final[Mapping[str, Any]] = {}

type Conditions = tuple[ColumnElement[bool], ...]
"""What must hold, or a statement does nothing."""


class Asked(NamedTuple):
    """What a statement that changes a row is asked besides.

    Attributes:
        required: What must hold of the row as it is, or nothing is changed.
        tells: Whether it tells the row as it becomes, or no more than that there is one.
        rules: What it tells of the row then.
    """

    required: tuple[Rule, ...] = ()
    tells: bool = True
    rules: tuple[Rule, ...] = ()


class TenantStatements:
    """Statements on one table; every one starts from `_scoped` or `_row`.

    Attributes:
        table: The table.
    """

    table: ClassVar[Table]

    @classmethod
    def _values(cls) -> Mapping[str, ColumnElement[Any]]:
        """Return what is read with a row and derived anew each time, by the entity's field."""
        return {}

    @classmethod
    @cache
    def _names(cls) -> tuple[str, ...]:
        """Return what the columns of rows are called, in their order."""
        return (*cls.table.c.keys(), *cls._values())

    @classmethod
    @cache
    def _columns(cls) -> frozenset[str]:
        """Return the names of the table's columns; to ask the table itself takes longer."""
        return frozenset(cls.table.c.keys())

    @classmethod
    def _scoped(cls) -> Select[Any]:
        """Return the rows of `TENANT`, with all that the entity holds."""
        values = (value.label(name) for name, value in cls._values().items())
        return select(cls.table, *values).where(cls.table.c.tenant_id == TENANT)

    @classmethod
    def _in_lists(cls) -> Select[Any]:
        """Return the rows of `TENANT` as lists read them."""
        return cls._scoped()

    @classmethod
    def _row(cls) -> ColumnElement[bool]:
        """Hold for the one row `ROW` of `TENANT`."""
        return and_(cls.table.c.tenant_id == TENANT, cls.table.c.id == ROW)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _found(cls, visible: ColumnElement[bool], *, locked: bool) -> Fixed:
        found = cls._scoped().where(cls.table.c.id == ROW, visible)
        return Fixed(found.with_for_update(of=cls.table) if locked else found)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _held(cls, condition: ColumnElement[bool]) -> Fixed:
        return Fixed(select(cls.table.c.id).where(cls._row(), condition))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _asked(cls, rules: tuple[Rule, ...]) -> Fixed:
        return Fixed(cls._question(rules))

    @classmethod
    def _question(cls, rules: Sequence[Rule]) -> Select[Any]:
        return select(*_answers(rules)).select_from(cls.table).where(cls._row())

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _found_and_asked(cls, rules: tuple[Rule, ...]) -> Fixed:
        return Fixed(cls._finding_and_question(rules))

    @classmethod
    def _finding_and_question(cls, rules: Sequence[Rule]) -> Select[Any]:
        return cls._scoped().where(cls.table.c.id == ROW).add_columns(*_answers(rules))

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def named(cls, name: str, visible: ColumnElement[bool]) -> ColumnElement[bool]:
        """Hold where the parameter `name` names a row of `TENANT` that is `visible`."""
        row_id = cls.table.c.id
        found = cls._scoped().where(row_id == parameter(name, row_id), visible)
        # What it becomes a part of may be about rows of the same table.
        return found.with_only_columns(row_id).correlate(None).exists()

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _inserted(
        cls,
        names: tuple[str, ...],
        rules: tuple[Rule, ...] = (),
        required: Conditions = (),
    ) -> Fixed:
        return Fixed(cls._insertion(names, rules, required=required))

    @classmethod
    def _insertion(
        cls,
        names: Collection[str],
        rules: Sequence[Rule] = (),
        in_sql: Mapping[str, Any] = NO_SQL,
        required: Conditions = (),
    ) -> ReturningInsert[Any] | Select[Any]:
        added = cls._addition(names, in_sql, required).returning(*cls.table.c)
        values = [value.label(name) for name, value in cls._values().items()]
        if not values and not rules:
            return added
        row = added.cte()
        told = (of_row(value, cls.table, row) for value in (*values, *_answers(rules)))
        return select(*row.c, *told)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _added(cls, names: tuple[str, ...], required: Conditions = ()) -> Fixed:
        return Fixed(cls._addition(names, required=required))

    @classmethod
    def _addition(
        cls,
        names: Collection[str],
        in_sql: Mapping[str, Any] = NO_SQL,
        required: Conditions = (),
    ) -> Insert:
        values = {"tenant_id": TENANT, **cls._parameters(names), **in_sql}
        return inserting(insert(cls.table), values, required)

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _changed(cls, names: tuple[str, ...], asked: Asked) -> Fixed:
        return Fixed(cls._change(names, asked))

    @classmethod
    def _change(
        cls, names: Iterable[str], asked: Asked, in_sql: Mapping[str, Any] = NO_SQL
    ) -> ReturningUpdate[Any]:
        changed = cls._alteration(names, in_sql).where(*(rule.condition for rule in asked.required))
        if not asked.tells:
            return changed.returning(cls.table.c.id)
        values = (value.label(name) for name, value in cls._values().items())
        return changed.returning(*cls.table.c, *values, *_answers(asked.rules))

    @classmethod
    def _alteration(cls, names: Iterable[str], in_sql: Mapping[str, Any] = NO_SQL) -> Update:
        changed = update(cls.table).where(cls._row())
        if "version" in cls.table.c:
            expected = parameter("version", cls.table.c.version) - 1
            changed = changed.where(cls.table.c.version == expected)
        return changed.values({**cls._parameters(names), **in_sql})

    @classmethod
    @lru_cache(maxsize=STATEMENTS_KEPT)
    def _listed(
        cls,
        conditions: tuple[ColumnElement[bool], ...],
        sort: tuple[SortKey, ...],
        begun: paging.Begun,
    ) -> Fixed:
        listed = cls._in_lists().where(*conditions)
        orders = paging.orders(cls.table, sort, cls._values())
        for order in orders:
            listed = listed.order_by(*order.clauses)
        return Fixed(
            paging.first(listed if begun is None else listed.where(paging.beyond(orders, begun)))
        )

    @classmethod
    def _parameters(cls, names: Iterable[str]) -> dict[str, ColumnElement[Any]]:
        return {name: parameter(name, cls.table.c[name]) for name in names}


def _answers(rules: Sequence[Rule]) -> list[Any]:
    """Return whether each rule holds; one that is unknown (NULL) does not."""
    return [func.coalesce(rule.condition, false()) for rule in rules]
