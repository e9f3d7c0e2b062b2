"""The clock of the database, by which machines agree whatever their own clocks say."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.db.types import UtcDateTime


class _FromNow(GenericFunction[datetime]):
    type = UtcDateTime()
    name = "from_now"
    inherit_cache = True


def database_now() -> ColumnElement[datetime]:
    """Return the present instant."""
    return _FromNow(literal(0.0, Float()))


def from_now(name: str) -> ColumnElement[datetime]:
    """Return the instant that is as many seconds from now as the parameter `name` says."""
    return _FromNow(bindparam(f"given.{name}", type_=Float()))


@compiles(_FromNow, "postgresql")
def _from_now_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"


@compiles(_FromNow, "sqlite")
def _from_now_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {seconds} || ' seconds') || '000')"
