"""What the application asks of the database, and how the database would go about it."""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection

from app.db.engine import Database
from app.db.statements import Ready

type Sent = tuple[str, Any]

_MANY: Final = 1_000
_ALIAS: Final = re.compile(r"_\d+$")
_ASKED: Final = ("SELECT", "WITH", "UPDATE", "DELETE")


@contextmanager
def overheard(database: Database) -> Iterator[list[Sent]]:
    """Collect each statement that finds rows, with its parameters."""
    heard: list[Sent] = []
    statements = database._statements
    make_ready = statements.ready

    def hear(statement: Any, parameters: Any) -> Ready:
        ready = make_ready(statement, parameters)
        if ready.sql.startswith(_ASKED):
            heard.append((ready.sql, tuple(ready.values)))
        return ready

    statements.ready = hear  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        del statements.ready


def detours(
    connection: Connection, sent: Sent, large: Collection[str], *, ordered: bool
) -> list[str]:
    """Return where a statement would go through a whole table.

    Args:
        connection: In a transaction that acts for the tenant.
        sent: The statement, and its parameters.
        large: Tables with so many rows that none of it may do so.
        ordered: Whether the statement asks for the first rows in some order and leaves none
            out, so that an index has to give the order: sorting many rows is a detour too.
    """
    statement, parameters = sent
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return list(_of_sqlite([str(row[3]) for row in rows], large, ordered=ordered))
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    [explained] = json.loads(told) if isinstance(told, str) else told or [{}]
    return list(_of_postgresql(explained["Plan"], large, ordered=ordered))


def _of_sqlite(plan: list[str], large: Collection[str], *, ordered: bool) -> Iterator[str]:
    for step in plan:
        verb, _, rest = step.partition(" ")
        table = rest.partition(" ")[0]
        if verb == "SCAN" and (table in large or _ALIAS.sub("", table) in large):
            yield step
        if ordered and step == "USE TEMP B-TREE FOR ORDER BY":
            yield step


def _of_postgresql(plan: dict[str, Any], large: Collection[str], *, ordered: bool) -> Iterator[str]:
    kind, rows = plan["Node Type"], plan["Plan Rows"]
    if kind == "Seq Scan" and plan["Relation Name"] in large:
        yield f"Seq Scan on {plan['Relation Name']}"
    if ordered and kind == "Sort" and rows > _MANY:
        yield f"Sort of {rows} rows by {', '.join(plan['Sort Key'])}"
    for below in plan.get("Plans", ()):
        yield from _of_postgresql(below, large, ordered=ordered)
