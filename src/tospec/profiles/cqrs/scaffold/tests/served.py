"""The backend as a process of its own: how tests start it, talk to it and stop it.

Importing the application takes most of a start. So processes are forks of one that has imported
it, but for those that show how it starts by itself.
"""

import multiprocessing
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from app.__main__ import main
from tests.installation import variables

ROOT: Final = Path(__file__).parents[1]
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["alembic.command", "app.__main__", "app.server"])


class Fork:
    """A process that serves, with the manners of `subprocess.Popen`."""

    def __init__(self, folder: Path, port: int, environment: Mapping[str, str]) -> None:
        arguments = (folder, port, dict(environment))
        self._process = _FORKS.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("serve", timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


class Service:
    """A served process and how to talk to it."""

    def __init__(self, process: subprocess.Popen[bytes] | Fork, folder: Path, port: int) -> None:
        self.process = process
        self.port = port
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15)
        self._folder = folder

    @property
    def complaints(self) -> str:
        """What it wrote to the standard error."""
        return (self._folder / "errors.log").read_text()

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def exchange(self, raw: bytes, *, limit: float = 3.0) -> tuple[bytes, bool]:
        """Send bytes; return what came back and whether the connection was closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=limit) as connection:
            answer = b""
            try:
                connection.sendall(raw)
                while chunk := connection.recv(65536):
                    answer += chunk
            except TimeoutError:
                return answer, False
            except OSError:
                return answer, True
            return answer, True


def environment(folder: Path) -> dict[str, str]:
    own = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/served.sqlite3",
        "BODY_TIMEOUT": "1",
    }
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables(), **own}


def start(folder: Path, **more: str) -> Service:
    """Start it in a fork; it writes to `out.log` and `errors.log` in `folder`."""
    port = _free_port()
    return Service(Fork(folder, port, environment(folder) | more), folder, port)


def start_alone(folder: Path) -> Service:
    """Start it by its command, as an installation does."""
    port = _free_port()
    with (folder / "out.log").open("wb") as out, (folder / "errors.log").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=folder,
            env=environment(folder),
            stdout=out,
            stderr=errors,
        )
    return Service(process, folder, port)


def wait(service: Service) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < 60 and service.process.poll() is None:
        try:
            if service.get("/livez").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError(service.complaints)


def stop(service: Service) -> int:
    service.process.send_signal(signal.SIGTERM)
    try:
        return service.process.wait(30)
    finally:
        service.process.kill()
        service.client.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _serve(folder: Path, port: int, environment: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for name, descriptor in (("out.log", 1), ("errors.log", 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.exit(main(["serve", "--port", str(port)]))
