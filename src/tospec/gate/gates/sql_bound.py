"""Values reach the database as bound parameters, not as text of a statement."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from tospec.evidence import Violation
from tospec.gate.functions import functions, last_name
from tospec.gate.modules import Module
from tospec.gate.planting import code
from tospec.gate.static import Judged, ModuleGate, Rule, judged
from tospec.gate.texts import Part, Scope, scope_of, whole_scope
from tospec.gate.tree import TreeUnderTest

_RULE: Final = Rule(
    "sql-from-text", "Bind the value as a parameter, or build the statement with the query API."
)
_EXECUTORS: Final = frozenset(
    {"exec_driver_sql", "execute", "executemany", "executescript", "fetch", "fetch_all"}
    | {"fetch_one", "fetch_val", "fetchrow", "fetchval", "raw", "scalar", "scalars"}
)
_TEXTS: Final = frozenset({"sqlalchemy.text", "sqlalchemy.sql.text", "sqlmodel.text"})
_TEXTS_OF: Final = ("sqlalchemy.sql.expression.text", "sqlalchemy.literal_column")
_STATEMENT: Final = re.compile(
    r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CALL|MERGE|REPLACE)\s", re.IGNORECASE
)
# Where a statement takes a value. Names of columns and conditions cannot be bound, and are mostly
# chosen by the code itself; they are not judged.
_VALUE: Final = re.compile(
    r"(?:[=<>]|\b(?:LIKE|ILIKE|LIMIT|OFFSET|BETWEEN)\b|\bVALUES\s*\((?:[^()]*,)?)\s*$",
    re.IGNORECASE,
)


def _judge(module: Module, _: TreeUnderTest) -> Judged:
    calls = [n for n in module.nodes if isinstance(n, ast.Call)]
    return judged(len(calls), list(_violations(module)))


def _violations(module: Module) -> Iterator[Violation]:
    if not any(_takes_sql(module, n) for n in module.nodes if isinstance(n, ast.Call)):
        return
    outer = whole_scope(module)
    seen: set[int] = set()
    scopes = [(f.node, scope_of(f.node, outer)) for f in functions(module)]
    # Inner functions come after outer ones; each call belongs to the innermost.
    for root, scope in (*reversed(scopes), (module.syntax, outer)):
        for node in ast.walk(root):
            if isinstance(node, ast.Call) and id(node) not in seen:
                seen.add(id(node))
                yield from _unbound(module, node, scope)


def _unbound(module: Module, call: ast.Call, scope: Scope) -> Iterator[Violation]:
    if not call.args or not _takes_sql(module, call):
        return
    statement = scope.value_of(call.args[0])
    parts = scope.parts(statement)
    if parts is None or not any(part.foreign for part in parts):
        return
    values = [part.text for part, before in _with_text_before(parts) if _is_value(part, before)]
    if values and _STATEMENT.search(parts[0].text):
        message = f"The SQL is put together from text with {', '.join(values)[:80]} in it."
        yield _RULE.broken(module, call, message)


def _with_text_before(parts: tuple[Part, ...]) -> Iterator[tuple[Part, str]]:
    before = ""
    for part in parts:
        yield part, before
        before += "?" if part.foreign else part.text


def _is_value(part: Part, before: str) -> bool:
    is_quoted = before.count("'") % 2 == 1
    return part.foreign and (is_quoted or _VALUE.search(before) is not None)


def _takes_sql(module: Module, call: ast.Call) -> bool:
    name = module.origin(call.func)
    if name in _TEXTS or name in _TEXTS_OF:
        return True
    return isinstance(call.func, ast.Attribute) and last_name(call.func) in _EXECUTORS


def _planted(body: str) -> str:
    return (
        "from sqlalchemy import text\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
        f"async def planted(session: AsyncSession, name: str) -> None:\n{body}"
    )


GATE: Final = ModuleGate(
    name="sql-bound",
    title="values reach the database as bound parameters",
    looked_for="calls, for those that take SQL as text",
    judge=_judge,
    plants=(
        code(
            "f-string",
            _planted(
                "    await session.execute(text(f\"SELECT 1 FROM users WHERE name = '{name}'\"))\n"
            ),
        ),
        code(
            "percent",
            _planted('    await session.execute(text("DELETE FROM users WHERE id = %s" % name))\n'),
        ),
        code(
            "format",
            _planted(
                '    query = "SELECT 1 FROM users WHERE id = {}".format(name)\n'
                "    await session.execute(text(query))\n"
            ),
        ),
        code(
            "plus",
            _planted(
                '    await session.execute(text("UPDATE users SET name = \'" + name + "\'"))\n'
            ),
        ),
    ),
)
