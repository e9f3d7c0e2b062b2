"""Running a built backend: a free port, a server that answers, and a clean end."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import Final

from tospec import pipeline
from tospec.cli.demo_folder import own_folder
from tospec.errors import EnvironmentFaultError, TospecError, UsageError

DATABASE: Final = "demo.sqlite3"
FILES: Final = "files"
LOG: Final = "server.log"
_HOST: Final = "127.0.0.1"
_USUAL_PORT: Final = 8000
_SECONDS_TO_START: Final = 30.0
_SECONDS_BETWEEN: Final = 0.02
_SECONDS_TO_STOP: Final = 25.0
_LAST_BYTES: Final = 2000
_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class DemoError(TospecError):
    """The example does not run."""

    exit_code = 1


def free_port(wanted: int | None) -> int:
    """Return a port that can be listened on.

    Args:
        wanted: The port; 0 for any, None for the usual one or, if that is taken, any.

    Raises:
        UsageError: If the wanted one is taken.
    """
    if wanted is not None:
        return _probed(wanted)
    try:
        return _probed(_USUAL_PORT)
    except UsageError:
        return _probed(0)


def _probed(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except OSError as fault:
            message = f"Port {wanted} is taken."
            raise UsageError(message, "Give --port another number, or 0 for any.") from fault
        port: int = probe.getsockname()[1]
        return port


def base_url(port: int) -> str:
    """Return where clients reach the backend."""
    return f"http://{_HOST}:{port}"


def require_runtime(target: Path) -> None:
    """Let pass if the libraries that a backend needs are installed.

    Raises:
        EnvironmentFaultError: If some are not.
    """
    wanted = (target / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0].partition("[")[0].strip() for line in wanted]
    missing = [name for name in names if name and name[0] != "#" and not _is_installed(name)]
    if missing:
        message = f"The example needs {', '.join(missing)} to run."
        install = f"{sys.executable} -m pip install -r {target / 'requirements.txt'}"
        raise EnvironmentFaultError(message, f"Run '{install}', or give --no-serve.")


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def environment(target: Path, port: int) -> Mapping[str, str]:
    """Return the settings of a backend, with a secret that lasts as long as it runs.

    What has no default is as the backend's own tests set it, unless the shell says otherwise.
    """
    folder = own_folder(target).resolve()
    return {
        **pipeline.settings_of(target),
        **os.environ,
        "ENVIRONMENT": "development",
        "PUBLIC_URL": base_url(port),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
        "STORAGE_URL": f"file://{folder / FILES}",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let every signal by which processes are told to end do what Ctrl-C does."""
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Running:
    """A server that answers."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def wait_until_told(self) -> None:
        """Wait for the interrupt that ends the demo.

        Raises:
            DemoError: If the server ends by itself.
        """
        self._process.wait()
        raise _failed("The server ended.", self._log)


@contextmanager
def running(target: Path, port: int, others: Mapping[str, str]) -> Iterator[Running]:
    """Serve a backend from when it is ready until the block ends or is interrupted.

    Args:
        target: Its folder.
        port: Where it listens.
        others: Settings by which it finds other services.

    Raises:
        DemoError: If it does not get ready.
    """
    log = own_folder(target) / LOG
    command = [sys.executable, "-m", "app", "serve", "--host", _HOST, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command,
            cwd=target,
            env={**environment(target, port), **others},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, port, log)
        with suppress(KeyboardInterrupt):
            yield Running(process, log)
    finally:
        _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if _is_ready(port):
            return
        time.sleep(_SECONDS_BETWEEN)
    message = f"The server did not answer at {base_url(port)}/readyz."
    raise _failed(message, log)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url(port)}/readyz", timeout=2) as answer:  # noqa: S310 - our own URL
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _failed(message: str, log: Path) -> DemoError:
    last = log.read_bytes()[-_LAST_BYTES:].decode("utf-8", "replace").strip()
    return DemoError(f"{message}\n{last}" if last else message, f"Its log is in {log}.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let the server end its requests; kill it if it does not, or if somebody insists."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()
