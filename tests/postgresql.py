"""A PostgreSQL server for tests: the one that is there, or a throw-away one.

As a program: runs a command with TOSPEC_TEST_POSTGRES set to the URL of a superuser.
"""

import asyncio
import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg

VARIABLE: Final = "TOSPEC_TEST_POSTGRES"
NOT_RUN: Final = "NOT RUN: there is no PostgreSQL server"
_UNSAFE_BUT_FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SECONDS_TO_START: Final = 30.0


def find() -> str | None:
    """Return the URL of a server that answers: the one that was named, or one on this machine."""
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    users = dict.fromkeys(("postgres", getpass.getuser()))
    candidates = (f"postgresql://{user}@127.0.0.1:5432/postgres" for user in users)
    return next((url for url in candidates if asyncio.run(_answers(url))), None)


@contextmanager
def throw_away() -> Iterator[str | None]:
    """Start a server and give its URL; None if PostgreSQL is not installed."""
    found = programs()
    if found is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="tospec-postgresql-") as folder:
        owner = "postgres" if os.geteuid() == 0 else None
        data = Path(folder) / "data"
        if owner:
            shutil.chown(folder, owner)
        with _running(found, data, owner) as url:
            yield url


def main(command: Sequence[str]) -> int:
    """Run a command with a server if one can be had; say so loudly if not."""
    url = find()
    if url is not None:
        return _run(command, url)
    with throw_away() as started:
        code = _run(command, started)
    if started is None:
        line = "!" * 78
        hint = "Install PostgreSQL, or name a server in TOSPEC_TEST_POSTGRES."
        print(f"{line}\nTests on PostgreSQL did {NOT_RUN}.\n{hint}\n{line}", file=sys.stderr)  # noqa: T201
    return code


def _run(command: Sequence[str], url: str | None) -> int:
    named = {} if url is None else {VARIABLE: url}
    return subprocess.run(command, env={**os.environ, **named}, check=False).returncode


async def _answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=3)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


def programs() -> tuple[str, str] | None:
    """Return the paths of `initdb` and `postgres`, those of the newest version first."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in (*map(str, versions), os.environ.get("PATH", os.defpath)):
        initdb, postgres = (
            shutil.which("initdb", path=folder),
            shutil.which("postgres", path=folder),
        )
        if initdb and postgres:
            return str(Path(initdb).resolve()), str(Path(postgres).resolve())
    return None


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


@contextmanager
def _running(found: tuple[str, str], data: Path, owner: str | None) -> Iterator[str]:
    initdb, postgres = found
    made = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd="/", user=owner)
    port = _free_port()
    options = ["-c", f"port={port}", "-c", "listen_addresses=127.0.0.1"]
    options += ["-c", "unix_socket_directories=", "-c", "max_connections=300"]
    for setting in _UNSAFE_BUT_FAST:
        options += ["-c", setting]
    with (data.parent / "log").open("wb") as log:
        server = subprocess.Popen(
            [postgres, "-D", str(data), *options], stdout=log, stderr=log, cwd="/", user=owner
        )
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        _wait(server, url, data.parent / "log")
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        if asyncio.run(_answers(url)):
            return
        time.sleep(0.1)
    message = f"PostgreSQL did not start:\n{log.read_text(errors='replace')}"
    raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
