"""Column types and functions that hold the same values in PostgreSQL and SQLite."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Dialect,
    Numeric,
    Text,
    literal,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        naive = value is not None and dialect.name == "sqlite"
        return value.replace(tzinfo=None) if naive and value is not None else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """On SQLite it is text under a collation that compares by value."""

    impl = Numeric
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__(10, scale)
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text(collation="decimal"))
        return dialect.type_descriptor(Numeric(10, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        fitted = value.quantize(Decimal(1).scaleb(-self.scale))
        assert fitted == value
        return str(fitted) if dialect.name == "sqlite" else fitted

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Duration(TypeDecorator[timedelta]):
    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


def microseconds(time: ColumnElement[Any] | datetime | timedelta | None) -> ColumnElement[int]:
    """Return a length of time, or an instant since 1970, as a whole number."""
    if time is None:
        return literal(None, BigInteger)
    if isinstance(time, datetime):
        return literal((time - EPOCH) // MICROSECOND, BigInteger)
    if isinstance(time, timedelta):
        return literal(time // MICROSECOND, BigInteger)
    if isinstance(time.type, Duration):
        return type_coerce(time, BigInteger)
    return _Instant(time)


class Clock(BindParameter[datetime]):
    """The time as a parameter, to which known lengths of time are added."""

    inherit_cache = True

    def __init__(self, now: datetime) -> None:
        super().__init__(None, now, type_=UtcDateTime(), unique=True)
        self._now = now

    def __add__(self, other: Any) -> Any:
        return Clock(self._now + other) if isinstance(other, timedelta) else super().__add__(other)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        return Clock(self._now - other) if isinstance(other, timedelta) else super().__sub__(other)


class _Instant(FunctionElement[int]):
    type = BigInteger()
    name = "instant"
    inherit_cache = True


@compiles(_Instant, "postgresql")
def _on_postgresql(element: _Instant, compiler: Any, **options: Any) -> str:
    time = compiler.process(element.clauses, **options)
    return f"CAST(extract(epoch FROM {time}) * 1000000 AS BIGINT)"


@compiles(_Instant, "sqlite")
def _on_sqlite(element: _Instant, compiler: Any, **options: Any) -> str:
    time = compiler.process(element.clauses, **options)
    seconds = f"CAST(strftime('%s', substr({time}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({time}, 21, 6) AS INTEGER))"


class _ByValue(FunctionElement[Any]):
    name = "by_value"
    inherit_cache = True

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = value.type


def by_value(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a decimal that compares by value, wherever it was read."""
    return _ByValue(value)


class _AsWritten(_ByValue):
    name = "as_written"
    inherit_cache = True


def as_written(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a value that compares as it is written, whatever decimals stand in it."""
    return _AsWritten(value)


@compiles(_AsWritten, "sqlite")
def _binary(element: _AsWritten, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} COLLATE BINARY)"


@compiles(_AsWritten)
@compiles(_ByValue)
def _as_it_is(element: _ByValue, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(_ByValue, "sqlite")
def _collated(element: _ByValue, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} COLLATE decimal)"
