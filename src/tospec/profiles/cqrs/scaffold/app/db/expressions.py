"""Values that databases compute in different words."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, String, literal, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

from app.db.types import DECIMAL_COLLATION, Duration, ExactDecimal

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Microseconds(GenericFunction[int]):
    type = BigInteger()
    name = "microseconds"
    inherit_cache = True


class _LowerAscii(GenericFunction[str]):
    type = String()
    name = "lower_ascii"
    inherit_cache = True


class _Alike(FunctionElement[Any]):
    """A value that compares in a way of its own on SQLite, which keeps decimals as text."""

    inherit_cache = True
    collation = "BINARY"

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)
        self.type = value.type


class _ByValue(_Alike):
    name = "by_value"
    inherit_cache = True
    collation = DECIMAL_COLLATION


class _AsWritten(_Alike):
    name = "as_written"
    inherit_cache = True


def by_value(read: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what a subquery reads so that a decimal compares by value.

    SQLite forgets the collation of a column at a subquery.
    """
    return _ByValue(read) if isinstance(read.type, ExactDecimal) else read


def as_written(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a value that compares as it is written, whatever decimals it was chosen by.

    SQLite takes the collation of what stands in an expression for that of the whole.
    """
    return _AsWritten(value)


def microseconds(time: Any) -> ColumnElement[int]:
    """Return an instant, counted from 1970 in UTC, or a length of time in whole microseconds.

    Args:
        time: A column, or a value of Python; None is NULL.
    """
    if time is None:
        return literal(None, BigInteger())
    if isinstance(time, timedelta):
        return literal(time // _MICROSECOND, BigInteger())
    if isinstance(time, datetime):
        return literal((time - _EPOCH) // _MICROSECOND, BigInteger())
    if isinstance(time.type, Duration):
        return type_coerce(time, BigInteger())
    return _Microseconds(time)


def lower_ascii(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column's text with A to Z in lower case, and all else as it is."""
    return _LowerAscii(text)


@compiles(_Alike)
def _as_it_is(element: _Alike, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(_Alike, "sqlite")
def _collated(element: _Alike, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} COLLATE {element.collation})"


@compiles(_Microseconds, "postgresql")
def _microseconds_of_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    time = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM {time}) * 1000000 AS BIGINT)"


@compiles(_Microseconds, "sqlite")
def _microseconds_of_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    time = compiler.process(element.clauses, **options)
    seconds = f"CAST(strftime('%s', {time}) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({time}, 21, 6) AS INTEGER))"


@compiles(_LowerAscii, "postgresql")
def _lower_ascii_of_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"translate({text}, '{_UPPER}', '{_UPPER.lower()}')"
