"""Running a built backend with a database and secrets that last as long as it runs."""

import importlib.util
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tospec.cli import terminal
from tospec.errors import EnvironmentFaultError, TospecError, UsageError

_RUNTIME: Final = ("aiosqlite", "alembic", "fastapi", "sqlalchemy", "uvicorn")
_HOST: Final = "127.0.0.1"
_SECONDS_TO_START: Final = 30.0
_SECONDS_TO_STOP: Final = 25.0


class DemoError(TospecError):
    """The example does not run."""

    exit_code = 1


def free_port(wanted: int) -> int:
    """Return a port that can be listened on; the wanted one unless that is 0.

    Raises:
        UsageError: If it is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except OSError as fault:
            message = f"Port {wanted} is taken."
            raise UsageError(message, "Give --port another number, or 0 for any.") from fault
        port: int = probe.getsockname()[1]
        return port


def serve(target: Path, port: int) -> None:
    """Migrate, seed and serve a backend until it is interrupted.

    Raises:
        EnvironmentFaultError: If the libraries that it needs are not installed.
        DemoError: If one of the steps fails.
    """
    _require_runtime(target)
    with tempfile.TemporaryDirectory(prefix="tospec-demo-") as data:
        environment = _environment(Path(data), port)
        _run(target, environment, "migrate")
        if (target / "app" / "seed.py").exists():
            _run(target, environment, "seed")
        _serve(target, environment, port)


def _require_runtime(target: Path) -> None:
    missing = [name for name in _RUNTIME if importlib.util.find_spec(name) is None]
    if missing:
        message = f"The example needs {', '.join(missing)} to run."
        install = f"{sys.executable} -m pip install -r {target / 'requirements.txt'}"
        raise EnvironmentFaultError(message, f"Run '{install}', or give --no-serve.")


def _environment(data: Path, port: int) -> Mapping[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "development",
        "PUBLIC_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite+aiosqlite:///{data / 'demo.sqlite3'}",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def _run(target: Path, environment: Mapping[str, str], command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program with our own arguments
        [sys.executable, "-m", "app", command], cwd=target, env=environment, check=False
    )
    if done.returncode:
        message = f"'python -m app {command}' failed in {target}."
        raise DemoError(message)


def _serve(target: Path, environment: Mapping[str, str], port: int) -> None:
    command = [sys.executable, "-m", "app", "serve", "--host", _HOST, "--port", str(port)]
    server = subprocess.Popen(command, cwd=target, env=environment)  # noqa: S603 - as above
    try:
        _wait_until_ready(server, port)
        terminal.result(_welcome(port))
        server.wait()
    finally:
        _stop(server)
    message = f"The server ended with exit code {server.returncode}."
    raise DemoError(message)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        if _is_ready(port):
            return
        time.sleep(0.1)
    message = f"The server did not answer at http://{_HOST}:{port}/readyz."
    raise DemoError(message)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{_HOST}:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Let the server end its requests; kill it if it does not."""
    server.terminate()
    try:
        server.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _welcome(port: int) -> str:
    base = f"http://localhost:{port}"
    links = {"API": "/v1", "documentation": "/docs", "health": "/health", "metrics": "/metrics"}
    lines = (f"  {name:14} {base}{path}" for name, path in links.items())
    return "\n".join(["", "TaskHub is running. Stop it with Ctrl-C.", *lines])
