"""PostgreSQL servers of the suite's own, which may be stopped, killed and made read-only."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import asyncpg

from tests.faults.asking import asked
from tests.faults.ports import free_port
from tests.postgresql import programs

BACKEND: Final = Path(__file__).parents[2] / "examples" / "taskhub" / "backend"
SECRET: Final = "a secret that only this suite's processes know"  # noqa: S105  # and nobody else
LOGIN: Final = "backend"
"""The login of API and workers: it owns nothing, and row-level security holds for it."""
_PATIENCE: Final = 30.0
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "16MB",
    # A process that dies loses nothing without it; only a machine would.
    "fsync": "off",
    "synchronous_commit": "on",
}


class MissingProgramError(RuntimeError):
    """A program that a case needs is not installed here."""


class Cluster:
    """A server with the backend's tables, empty.

    Attributes:
        port: Where it listens.
        url: Where a superuser asks it.
    """

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._folder = Path(tempfile.mkdtemp(prefix="tospec-faults-"))
        self._data = self._folder / "data"
        self._settings = {**_SETTINGS, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        shutil.copytree(_template(), self._data, copy_function=shutil.copy)
        _own(self._folder)
        self.start()

    def start(self, *, wait: bool = True) -> None:
        """Start it; it may still have to recover from how it was ended."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        deadline = time.monotonic() + _PATIENCE
        while True:
            self._process = _postgres(self._data, self.port, options)
            while wait and self._process.poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return
                time.sleep(0.05)
            # Processes of the one before it may still hold what it needs.
            if not wait or time.monotonic() > deadline:
                return
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is `pg_ctl stop -m fast`, SIGQUIT is `-m immediate`, SIGKILL a crash."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)

    def close(self) -> None:
        """End it, and remove what it held."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def serve_copies_only(self, *, only: bool) -> None:
        """Start it again as a standby, which reads and does not write, or as what it was."""
        self.stop()
        mark = self._data / "standby.signal"
        if only:
            mark.touch()
            _own(mark)
        else:
            mark.unlink()
        self.start()

    def kill_one(self, pid: int) -> None:
        """Kill one of its processes, which lets it restart all others."""
        os.kill(pid, signal.SIGKILL)

    def ask(self, statement: str, *values: Any) -> Sequence[asyncpg.Record]:
        """Return what the server answers to a superuser."""
        return asked(self.url, statement, *values)

    def backends(self) -> list[int]:
        """Return the processes that serve the backend."""
        rows = self.ask("SELECT pid FROM pg_stat_activity WHERE usename = $1 ORDER BY 1", LOGIN)
        return [row["pid"] for row in rows]

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True


def backend_url(port: int) -> str:
    """Return where the backend reaches a cluster."""
    return f"postgresql+asyncpg://{LOGIN}@127.0.0.1:{port}/postgres"


def app(*arguments: str, **variables: str) -> None:
    """Run a command of the backend."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SECRET_KEY": SECRET, **variables}
    command = [sys.executable, "-m", "app", *arguments]
    subprocess.run(command, cwd=BACKEND, env=environment, check=True, stdout=subprocess.DEVNULL)


@cache
def _template() -> Path:
    """Return the data of a migrated server that was stopped, made once for all clusters."""
    initdb, _ = _programs()
    folder = Path(tempfile.mkdtemp(prefix="tospec-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _own(folder)
    data, port = folder / "data", free_port()
    made = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    made += ["--no-locale", "--no-sync"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd="/", user=_owner())
    server = _postgres(data, port, ["--listen_addresses=127.0.0.1", "--unix_socket_directories="])
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            asked(url, f"CREATE ROLE {LOGIN} LOGIN")
            break
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    owner = url.replace("postgresql://", "postgresql+asyncpg://")
    app("migrate", DATABASE_URL=backend_url(port), MIGRATION_DATABASE_URL=owner)
    server.send_signal(signal.SIGINT)
    server.wait(_PATIENCE)
    return data


def _programs() -> tuple[str, str]:
    found = programs()
    if found is None:
        raise MissingProgramError("postgres")
    return found


def _postgres(data: Path, port: int, options: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [_programs()[1], "-D", str(data), f"--port={port}", *options]
    with (data.parent / "postgresql.log").open("ab") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, cwd="/", user=_owner(), start_new_session=True
        )


def _owner() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _own(path: Path) -> None:
    """Give a file, or a folder with all in it, to whom the server runs as."""
    if (owner := _owner()) is None:
        return
    shutil.chown(path, owner)
    for each in path.rglob("*") if path.is_dir() else ():
        shutil.chown(each, owner)
