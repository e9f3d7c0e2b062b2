"""A built tree, served once for the gates that look at it from outside."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.gate.base import CannotRunError
from tospec.gate.installation import settings_of
from tospec.gate.sharing import SHARED
from tospec.gate.tools import RUNNING
from tospec.gate.tree import TreeUnderTest

STARTS_WITHIN: Final = 30.0
STOPS_WITHIN: Final = 25.0
ASKED: Final = ("/livez", "/readyz", "/health", "/openapi.json")
_TIMEOUT: Final = 10.0
_LARGEST: Final = 32 * 1024 * 1024
_PAUSE: Final = 0.05
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a served tree showed from its start to its end.

    Attributes:
        fault: Why it did not start; empty if it did.
        answers: Status and body of what was asked, by path; without those that failed.
        start: Seconds until the first answer.
        code: Exit code after the signal to stop; None if it had to be killed.
        stop: Seconds from the signal to the end.
        traceback: Whether it printed one.
    """

    fault: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    start: float = 0.0
    code: int | None = None
    stop: float = 0.0
    traceback: bool = False


def served(tree: TreeUnderTest) -> Served:
    """Serve a built tree on a new SQLite database, ask what every service answers, and stop it.

    Raises:
        CannotRunError: If the interpreter cannot be started at all.
    """
    return SHARED.once(tree, "served", lambda: _serve(tree))


def _serve(tree: TreeUnderTest) -> Served:
    with tempfile.TemporaryDirectory(prefix="tospec-serves-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        tree.copy_to(folder / "tree")
        with _started(tree, folder) as (process, port):
            began = time.monotonic()
            fault = _wait(process, port)
            start = time.monotonic() - began
            answers = {} if fault else _answers(port)
            code, stop = _stopped(process)
        printed = (folder / "printed").read_bytes()[-_LARGEST:].decode("utf-8", "replace")
        return Served(
            fault=f"{fault}: {_last_line(printed)}" if fault else "",
            answers=answers,
            start=round(start, 3),
            code=code,
            stop=round(stop, 3),
            traceback="Traceback (most recent call last)" in printed,
        )


@contextmanager
def _started(tree: TreeUnderTest, folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port = _free_port()
    with (folder / "printed").open("wb") as printed:
        try:
            process = subprocess.Popen(  # noqa: S603 - the interpreter that the caller named
                [tree.python, "-m", "app", "serve", "--port", str(port)],
                cwd=folder / "tree",
                env=environment(tree.root, f"sqlite+aiosqlite:///{folder}/served.sqlite3"),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        except OSError as fault:
            message = f"{tree.python} cannot be started: {fault.strerror}."
            raise CannotRunError(message, "Give --python an interpreter that works.") from fault
    RUNNING.add(process)
    try:
        yield process, port
    finally:
        RUNNING.end(process)


def environment(root: Path, database_url: str) -> dict[str, str]:
    """Return all the variables that a built tree's commands are given: no settings of this machine.

    The secret is made up, and worth nothing outside of the run. Other settings without a default
    are as the tree's own tests set them.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR")
            if name in os.environ}  # fmt: skip
    return {
        **kept,
        **settings_of(root),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", port: int) -> str:
    """Wait for the first answer, and return why there is none; empty if there is one."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            return f"it ended at once with {process.returncode}"
        if _answer(port, ASKED[0]) is not None:
            return ""
        time.sleep(_PAUSE)
    return f"it did not answer within {STARTS_WITHIN:g} s"


def _answers(port: int) -> dict[str, tuple[int, bytes]]:
    found = {path: _answer(port, path) for path in ASKED}
    return {path: answer for path, answer in found.items() if answer is not None}


def _answer(port: int, path: str) -> tuple[int, bytes] | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(_LARGEST)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _stopped(process: "subprocess.Popen[bytes]") -> tuple[int | None, float]:
    """Send the signal to stop; return the exit code, None if it goes on, and the seconds."""
    began = time.monotonic()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        code: int | None = process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        code = None
    return code, time.monotonic() - began


def _last_line(printed: str) -> str:
    lines = [line.strip() for line in printed.split("\n") if line.strip()]
    return lines[-1][:_LONGEST] if lines else "it printed nothing"
