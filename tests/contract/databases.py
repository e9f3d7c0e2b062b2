"""The built example, served on each database that it runs on."""

import asyncio
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg

from tests import postgresql
from tests.verify.serving import TASKHUB, Template, serving
from tospec import pipeline

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"


def databases() -> dict[str, str | None]:
    """Return by name what there is to run on: a server's URL, or None for a file.

    PostgreSQL is left out where there is no server.
    """
    url = postgresql.find()
    return {SQLITE: None} | ({} if url is None else {POSTGRESQL: url})


def built(folder: Path) -> Path:
    """Build the example into `folder`, and return that."""
    pipeline.build(pipeline.read(str(TASKHUB)), folder)
    return folder


@contextmanager
def served(
    backend: Path, server: str | None, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve a backend with an empty database; give its base URL.

    Args:
        backend: The built tree; it is copied.
        server: URL of a PostgreSQL server; None for an SQLite file.
        settings: Settings of the backend beyond the usual ones.
    """
    with tempfile.TemporaryDirectory(prefix="tospec-contract-") as root:
        copy = Template.of(backend, Path(root) / "template").copy(Path(root) / "backend")
        files = {"STORAGE_URL": f"file:{copy / 'files'}"}
        with _database(server) as url:
            chosen = {} if url is None else {"DATABASE_URL": url}
            if url is not None:
                _migrate(copy, url)
            with serving(copy, files | chosen | dict(settings or {})) as base:
                yield base


@contextmanager
def _database(server: str | None) -> Iterator[str | None]:
    """Make a database and give its URL as a backend wants it; drop it at the end."""
    if server is None:
        yield None
        return
    name = f"contract_{secrets.token_hex(4)}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    try:
        place = server.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
        yield f"{place}/{name}"
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _migrate(folder: Path, url: str) -> None:
    settings = {"DATABASE_URL": url, "SECRET_KEY": secrets.token_urlsafe(48), "PYTHONPATH": ""}
    subprocess.run(
        [sys.executable, "-m", "app", "migrate"],
        cwd=folder,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
