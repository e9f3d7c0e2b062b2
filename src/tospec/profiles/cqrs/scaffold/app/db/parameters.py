"""Named parameters of statements, so that a statement is written once and asked with values.

Their names have a point, which no column's name has.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Dialect,
    TableValuedAlias,
    Text,
    Uuid,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine

from app.core.ids import TenantId
from app.db.types import UtcDateTime, json_text

_NO_VALUES: Final[Mapping[str, object]] = {}
_NOW: Final = "transaction.now"
_UNIT: Final = timedelta(microseconds=1)


class _Later(UtcDateTime):
    """An instant that is sent as a certain time after what is given."""

    cache_ok = True

    def __init__(self, shift: timedelta) -> None:
        super().__init__()
        self.shift = shift

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the later instant."""
        later = None if value is None else value + self.shift
        return super().process_bind_param(later, dialect)


class _Now(BindParameter[datetime]):
    """The instant of the transaction; to it, lengths of time are added before it is sent."""

    inherit_cache = True

    def __init__(self, shift: timedelta = timedelta()) -> None:
        name = f"{_NOW}/{shift // _UNIT}" if shift else _NOW
        super().__init__(name, required=True, type_=_Later(shift) if shift else UtcDateTime())
        self._shift = shift

    def __add__(self, other: Any) -> Any:
        return self._shifted(other) if isinstance(other, timedelta) else super().__add__(other)

    def __radd__(self, other: Any) -> Any:
        return self._shifted(other) if isinstance(other, timedelta) else super().__radd__(other)

    def __sub__(self, other: Any) -> Any:
        return self._shifted(-other) if isinstance(other, timedelta) else super().__sub__(other)

    def _shifted(self, shift: timedelta) -> "_Now":
        return _Now(self._shift + shift)


NOW: Final = _Now()
"""The instant of the transaction; a transaction gives it by itself."""

CALLER_ID: Final = bindparam("caller.id", type_=Uuid())
CALLER_ROLE: Final = bindparam("caller.role", type_=Text())
"""Who acts; a transaction that was opened for somebody gives them by itself."""

TENANT: Final = bindparam("tenant.id", type_=Uuid())
"""Whose rows; each call of a repository gives it."""

ROW: Final = bindparam("row.id", type_=Uuid())
"""Which row."""


def parameter(name: str, like: ColumnElement[Any]) -> BindParameter[Any]:
    """Return a parameter of the type that `like` has."""
    return bindparam(f"given.{name}", type_=like.type)


def given(
    tenant_id: TenantId, row_id: UUID | None = None, values: Mapping[str, object] = _NO_VALUES
) -> dict[str, object]:
    """Return the values of `TENANT`, of `ROW` and of what `parameter` made."""
    return {TENANT.key: tenant_id, ROW.key: row_id, **named(values)}


def named(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of what `parameter` made alone."""
    return {f"given.{name}": value for name, value in values.items()}


class Several(TypeDecorator[Collection[Any]]):
    """Any number of values of one type, as one value."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return an array on PostgreSQL, a text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """Return `value` as the driver wants it."""
        if value is None or dialect.name == "postgresql":
            return None if value is None else list(value)
        send = self.item.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([each if send is None else send(each) for each in value])

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes values of what the driver returns; asyncpg may return them ready."""
        receive = self.item.dialect_impl(dialect).result_processor(dialect, None)
        if dialect.name == "postgresql" and receive is None:
            return _sorted
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Any, ...]:
        """Return the values, sorted; none if there is no row to gather them from."""
        if value is None or dialect.name == "postgresql":
            return _sorted(value)
        receive = self.item.dialect_impl(dialect).result_processor(dialect, None)
        texts = json.loads(value)
        return tuple(sorted(each if receive is None else receive(each) for each in texts))


def _sorted(values: Collection[Any] | None) -> tuple[Any, ...]:
    return tuple(sorted(values)) if values else ()


class _OneOf(GenericFunction[bool]):
    type = Boolean()
    name = "one_of"
    inherit_cache = True


def one_of(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is among those that the parameter `name` has."""
    return _OneOf(value, bindparam(f"given.{name}", type_=Several(value.type)))


class _Each(GenericFunction[str]):
    """The members of a JSON list of texts, as rows."""

    type = Text()
    name = "each"
    inherit_cache = True


def each_of(name: str) -> TableValuedAlias:
    """Return the texts that the parameter `name` has, as a table with one column, `value`."""
    several = bindparam(f"given.{name}", type_=_TextList())
    return _Each(several).table_valued("value", name=name)


class _TextList(TypeDecorator[Collection[str]]):
    """Any number of texts as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        """Return the list."""
        return json_text(list(value or ()))


@compiles(_Each, "postgresql")
def _each_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


@compiles(_Each, "sqlite")
def _each_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


class _Gathered(GenericFunction[tuple[Any, ...]]):
    name = "gathered"
    inherit_cache = True


def gathered(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the values of a column in all rows of a subquery, as one value."""
    return _Gathered(value, type_=Several(value.type))


@compiles(_Gathered, "postgresql")
def _gathered_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **options)})"


@compiles(_Gathered, "sqlite")
def _gathered_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    value, several = (compiler.process(each, **options) for each in element.clauses)
    return f"({value} = ANY ({several}))"


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    value, several = (compiler.process(each, **options) for each in element.clauses)
    return f"({value} IN (SELECT value FROM json_each({several})))"  # noqa: S608  # both are SQL
