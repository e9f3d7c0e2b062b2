"""What SQLite must be told so that it keeps the promises PostgreSQL keeps by itself."""

import contextlib
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import await_only

from app.core.text import lower_ascii
from app.db.types import DECIMAL_COLLATION, compare_decimals

READ_ONLY: Final = "sqlite_read_only"
_PRAGMAS: Final = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL")


def install(engine: Engine) -> None:
    """Set up each connection of `engine` and the way it begins transactions."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: object) -> None:
    # The driver must not begin transactions on its own: it would begin them too late.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(f"PRAGMA {pragma}")
    raw = connection.driver_connection
    # The driver offers no public way to add a collation.
    add_collation = raw._conn.create_collation  # noqa: SLF001
    await_only(raw._execute(add_collation, DECIMAL_COLLATION, compare_decimals))  # noqa: SLF001
    # SQLite's own lower() knows ASCII only; unique indexes need it deterministic.
    for name, function in (("lower", str.lower), ("lower_ascii", lower_ascii)):
        await_only(raw.create_function(name, 1, _of_text(function), deterministic=True))


def _of_text(function: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else function(text)


def _on_begin(connection: Connection) -> None:
    # A writer takes its lock at once: two that race are put in line, and neither
    # finds out at commit that what it read has changed.
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
