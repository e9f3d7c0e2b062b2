"""Built backends, served: copied and migrated once, then copied, patched and started often."""

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TASKHUB: Final = ROOT / "examples" / "taskhub"
SECONDS_TO_START: Final = 60.0
SECONDS_TO_STOP: Final = 15.0
_NEEDED: Final = ("app", "migrations", "alembic.ini")
_DATABASE: Final = "data.sqlite3"
_LOG: Final = "server.log"


class ServingError(Exception):
    """A backend that cannot be patched, migrated or started; says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A patch: in `path`, `old`, which occurs exactly once, becomes `new`."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Template:
    """A backend with its compiled modules and an empty, migrated database."""

    folder: Path

    @classmethod
    def of(cls, backend: Path, folder: Path) -> "Template":
        """Copy `backend` into `folder` and bring its database up to date.

        Raises:
            ServingError: If it does not migrate.
        """
        for name in _NEEDED:
            source = backend / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, folder / name)
        _run(folder, ["migrate"])
        _run(folder, ["openapi", "--out", "openapi.json"])
        _settle(folder / _DATABASE)
        return cls(folder)

    def copy(self, folder: Path, edits: Sequence[Edit] = ()) -> Path:
        """Copy the template into `folder`, patched.

        Raises:
            ServingError: If a patch does not fit, or the patched backend does not migrate.
        """
        shutil.copytree(self.folder, folder)
        for edit in edits:
            patch(folder, edit)
        if any(edit.path.startswith("migrations/") for edit in edits):
            (folder / _DATABASE).unlink()
            _run(folder, ["migrate"])
        return folder


def patch(folder: Path, edit: Edit) -> None:
    """Patch one file.

    Raises:
        ServingError: If the old text does not occur exactly once.
    """
    file = folder / edit.path
    if not file.is_file():
        message = f"There is no {edit.path}."
        raise ServingError(message)
    text = file.read_text(encoding="utf-8")
    if text.count(edit.old) != 1 or edit.old == edit.new:
        message = f"{edit.path} holds this {text.count(edit.old)} times, not once: {edit.old!r}"
        raise ServingError(message)
    file.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a copied backend until the block ends; give its base URL.

    Raises:
        ServingError: If it does not answer in time.
    """
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (folder / _LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=folder,
            env=_environment(folder) | {"PUBLIC_URL": base} | dict(settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, base, folder / _LOG)
        yield base
    finally:
        _stop(process)


@contextmanager
def working(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """Run a worker on the database of a copied backend until the block ends."""
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "worker"],
            cwd=folder,
            env=_environment(folder) | dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        _stop(process)


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "development",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder.resolve() / _DATABASE}",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "WARNING",
        "SHUTDOWN_TIMEOUT": "2",
        # A verifier asks more often than people do.
        "RATE_LIMIT_REQUESTS": "1000000",
        "SIGN_IN_LIMIT_REQUESTS": "1000000",
        "PYTHONPATH": "",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _run(folder: Path, arguments: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )
    if done.returncode != 0:
        message = f"'{' '.join(arguments)}' failed: {done.stderr[-2000:]}"
        raise ServingError(message)


def _settle(database: Path) -> None:
    """Write everything into the one file, so that a copy of it is a copy of the database."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _wait(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(f"{base}/livez"):
            return
        time.sleep(0.02)
    said = log.read_bytes()[-2000:].decode("utf-8", "replace")
    message = f"The backend did not start: {said}"
    raise ServingError(message)


def _answers(url: str) -> bool:
    """Return whether anything at all answers, since what it answers may be the fault."""
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own URL
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
