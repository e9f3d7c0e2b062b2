"""Whether a database can be reached: asked without a driver, or with the backend's own."""

import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from tospec.doctor.base import Seen, fine, missing
from tospec.doctor.looking import PATIENCE
from tospec.gate import tools

# The first message of a client that asks for encryption; every server says S or N to it.
_HELLO: Final = struct.pack("!ii", 8, 80877103)
_ANSWERS: Final = frozenset({b"S", b"N"})
_SQLITE: Final = b"SQLite format 3\0"
_VARIABLE: Final = "TOSPEC_DOCTOR_DATABASE"
_HALF: Final = PATIENCE / 2
_NO_DRIVER: Final = 3
_SIGN_IN: Final = f"""
import asyncio, os, sys
try:
    import asyncpg
except ImportError:
    sys.exit({_NO_DRIVER})
async def sign_in():
    connection = await asyncpg.connect(os.environ["{_VARIABLE}"], timeout={_HALF})
    await connection.close()
try:
    asyncio.run(sign_in())
except Exception as fault:
    print(type(fault).__name__)
    sys.exit(1)
"""


@dataclass(frozen=True, slots=True)
class _Server:
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def reached(url: str, root: Path, python: Path, variable: str) -> Seen:
    """Return whether the database with a URL can be used; the URL is not told.

    Args:
        url: As SQLAlchemy writes it, with or without a driver.
        root: The folder that paths of SQLite files start from.
        python: The interpreter whose driver signs in; without one, the server has to answer.
        variable: The name of the setting that the URL comes from.
    """
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme == "sqlite":
        return _sqlite(url, root, variable)
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url, root, python, variable)
    said = f"{variable} is neither a postgresql nor a sqlite URL."
    return missing(said, f"Set {variable} to such as sqlite+aiosqlite:///app.sqlite3.")


def _sqlite(url: str, root: Path, variable: str) -> Seen:
    name = unquote(urlsplit(url).path.removeprefix("/"))
    if name in {"", ":memory:"}:
        return fine("SQLite in memory")
    file = root / name
    mend = f"Set {variable} to a file in a folder that you may write to."
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return missing(f"{file.parent} is no folder that can be written to.", mend)
    if not file.exists():
        return fine(f"SQLite, {file}, not made yet")
    with file.open("rb") as stream:
        head = stream.read(len(_SQLITE))
    if head not in {b"", _SQLITE}:
        return missing(f"{file} is not an SQLite database.", mend)
    return fine(f"SQLite, {file}")


def _postgresql(url: str, root: Path, python: Path, variable: str) -> Seen:
    server = _server(url)
    if server is None:
        return missing(f"{variable} names no host and port.", f"Correct {variable}.")
    fault = _unanswered(server)
    if fault:
        mend = f"Start PostgreSQL on {server}, or correct {variable}."
        return missing(f"PostgreSQL does not answer on {server}: {fault}.", mend)
    plain = f"postgresql:{url.partition(':')[2]}"
    done = tools.run(
        [python, "-I", "-c", _SIGN_IN], cwd=root, timeout=_HALF, env={_VARIABLE: plain}
    )
    if done.code == _NO_DRIVER:
        return fine(f"PostgreSQL answers on {server}; signing in was not tried without asyncpg")
    if done.code or done.fault:
        fault = done.fault or done.last_line
        said = f"PostgreSQL on {server} lets nobody in with {variable}: {fault}."
        return missing(said, f"Correct user, password and name of the database in {variable}.")
    return fine(f"PostgreSQL, {server}")


def _server(url: str) -> _Server | None:
    try:
        parts = urlsplit(url)
        named = parse_qs(parts.query).get("host", [""])[0]
        return _Server(parts.hostname or named or "localhost", parts.port or 5432)
    except ValueError:
        return None


def _unanswered(server: _Server) -> str:
    try:
        with _connected(server) as connection:
            connection.settimeout(_HALF)
            connection.sendall(_HELLO)
            answer = connection.recv(1)
    except (OSError, UnicodeError) as fault:
        return str(getattr(fault, "strerror", None) or fault or type(fault).__name__)
    if not answer:
        return "it hangs up"
    return "" if answer in _ANSWERS else "something else answers"


def _connected(server: _Server) -> socket.socket:
    if not server.host.startswith("/"):
        return socket.create_connection((server.host, server.port), timeout=_HALF)
    local = socket.socket(socket.AF_UNIX)
    local.settimeout(_HALF)
    local.connect(f"{server.host}/.s.PGSQL.{server.port}")
    return local
