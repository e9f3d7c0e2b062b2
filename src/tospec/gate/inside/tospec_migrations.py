"""Walks the migrations of a tree up, down and up again with rows in its tables.

Runs in the tree's interpreter and folder, and prints one JSON document. `DATABASE_URL` names the
database; with `TOSPEC_SERVER` it is one that this makes on that server of PostgreSQL, and drops.
"""

import asyncio
import contextlib
import io
import json
import os
import secrets
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

_ROWS: Final = "12"
_SEED_WITHIN: Final = 120
_LONGEST: Final = 400
_SQLITE: Final = ("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",)
_POSTGRESQL: Final = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2",
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "SELECT event_object_table, trigger_name, action_statement FROM information_schema.triggers"
    " ORDER BY 1, 2, 3",
)


class Walk:
    """What was done so far, and what came of it."""

    def __init__(self) -> None:
        self.steps: list[dict[str, str]] = []
        self.config = Config("alembic.ini")
        scripts = ScriptDirectory.from_config(self.config).walk_revisions()
        self.revisions = [script.revision for script in scripts][::-1]

    def step(self, name: str, work: Callable[[], object]) -> bool:
        """Do a step, and return whether it succeeded."""
        fault = ""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                work()
        except Exception as error:
            lines = str(error).strip().split("\n")
            fault = f"{type(error).__name__}: {lines[0]}"[:_LONGEST]
        self.steps.append({"step": name, "fault": fault})
        return not fault

    def run(self) -> None:
        """Walk until a step fails."""
        first: list[list[object]] = []
        steps: list[tuple[str, Callable[[], object]]] = [
            ("up to head", lambda: command.upgrade(self.config, "head")),
            ("the models say the same", lambda: command.check(self.config)),
            ("fill the tables", _fill),
            ("look at the schema", lambda: first.append(snapshot())),
        ]
        below = [*reversed(self.revisions[:-1]), "base"]
        steps += [(f"down to {name}", self._down(name)) for name in below]
        steps += [("nothing is left", _require_empty)]
        steps += [(f"up to {name}", self._up(name)) for name in self.revisions]
        steps += [("the schema is the same as before", lambda: _require_same(first))]
        for name, work in steps:
            if not self.step(name, work):
                return

    def _down(self, revision: str) -> Callable[[], object]:
        return lambda: command.downgrade(self.config, revision)

    def _up(self, revision: str) -> Callable[[], object]:
        return lambda: command.upgrade(self.config, revision)


def _fill() -> None:
    command_line = [sys.executable, "-m", "app", "seed", "--rows", _ROWS, "--format", "json"]
    done = subprocess.run(  # noqa: S603 - the tree's own command
        command_line, capture_output=True, text=True, timeout=_SEED_WITHIN, check=False
    )
    if done.returncode:
        told = (done.stderr.strip() or done.stdout.strip()).split("\n")[-1]
        message = f"`python -m app seed` ended with {done.returncode}: {told}"
        raise RuntimeError(message)
    if not any(_counts().values()):
        message = "`python -m app seed` stored nothing."
        raise RuntimeError(message)


def _require_empty() -> None:
    left = sorted(set(_counts()) - {"alembic_version"})
    if left:
        message = f"These tables are left: {', '.join(left)}."
        raise RuntimeError(message)


def _require_same(first: list[list[object]]) -> None:
    before, after = first[0], snapshot()
    if before != after:
        rows = [each for each in (*before, *after) if (each in before) != (each in after)]
        message = f"The schema differs, such as in {rows[0]}."
        raise RuntimeError(message)


def snapshot() -> list[object]:
    """Return all that the schema consists of."""

    def read(connection: Connection) -> list[object]:
        known = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
        return [
            [str(part) for part in row] for query in known
            for row in connection.execute(text(query))
        ]  # fmt: skip

    return _ask(read)


def _counts() -> dict[str, int]:
    def read(connection: Connection) -> dict[str, int]:
        quote = connection.dialect.identifier_preparer.quote
        return {
            name: connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0  # noqa: S608
            for name in inspect(connection).get_table_names()
        }

    return _ask(read)


def _ask[Answer](read: Callable[[Connection], Answer]) -> Answer:
    async def asked() -> Answer:
        engine = create_async_engine(os.environ["DATABASE_URL"])
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(read)
        finally:
            await engine.dispose()

    return asyncio.run(asked())


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Make a database on the server, if there is one, and drop it at the end."""
    server = os.environ.get("TOSPEC_SERVER")
    if not server:
        yield
        return
    name = f"tospec_gate_{secrets.token_hex(6)}"
    _on_server(server, f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name)
    os.environ["DATABASE_URL"] = url.render_as_string(hide_password=False)
    try:
        yield
    finally:
        _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(server: str, statement: str) -> None:
    async def executed() -> None:
        engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                await connection.execute(text(statement))
        finally:
            await engine.dispose()

    asyncio.run(executed())


def main() -> dict[str, Any]:
    """Walk, and return what came of it."""
    warnings.simplefilter("ignore")
    with database():
        walk = Walk()
        walk.run()
    return {"revisions": walk.revisions, "steps": walk.steps}


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.stdout.write(json.dumps(main()))
