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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import httpx

from app.__main__ import main
from tests.installation import variables

ROOT: Final = Path(__file__).parents[1]
DATABASE: Final = "served.sqlite3"
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preloaded"])


class Fork:
    """A process that runs a command, with the manners of `subprocess.Popen`."""

    def __init__(
        self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        told = (arguments, folder, dict(environment))
        self._process = _FORKS.Process(target=_run, args=told, daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a command", timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


class Import(NamedTuple):
    """How the application was imported in the process that others are forked from.

    Attributes:
        before: Its modules that were there already.
        after: Its modules that were there in the end.
        asked: Whom it asked.
        noted: What is noted of somebody else who asks.
    """

    before: frozenset[str]
    after: frozenset[str]
    asked: list[str]
    noted: list[str]


class Service:
    """A served process and how to talk to it."""

    def __init__(self, process: subprocess.Popen[bytes] | Fork, folder: Path, port: int) -> None:
        self.process = process
        self.port = port
        self.client = client_of(port)
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
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
        "BODY_TIMEOUT": "1",
    }
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables(), **own}


def start(folder: Path, **more: str) -> Service:
    """Start it in a fork; it writes to `out.log` and `errors.log` in `folder`."""
    (folder / DATABASE).write_bytes(_migrated())
    port = _free_port()
    arguments = ["serve", "--port", str(port)]
    fork = Fork(arguments, folder=folder, environment=environment(folder) | more)
    return Service(fork, folder, port)


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
        with suppress(httpx.TransportError):
            if _listens(service.port) and service.get("/livez").status_code == 200:
                return
        time.sleep(0.02)
    raise AssertionError(service.complaints)


def stop(service: Service) -> int:
    service.process.send_signal(signal.SIGTERM)
    try:
        return service.process.wait(30)
    finally:
        service.process.kill()
        service.client.close()


def client_of(port: int, timeout: float = 15) -> httpx.Client:
    """Return a client of what is served at a port."""
    # Nothing is encrypted here, and to read whom one may trust takes long.
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=timeout, verify=False)


@cache
def _migrated() -> bytes:
    """Return a database as each service would make it for itself."""
    with TemporaryDirectory() as folder:
        made = Path(folder)
        fork = Fork(["migrate"], folder=made, environment=environment(made))
        assert fork.wait(60) == 0, (made / "errors.log").read_text()
        return (made / DATABASE).read_bytes()


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def told_of_import() -> Import:
    """Return how the application was imported."""
    told, telling = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_tell, args=(telling,))
    process.start()
    telling.close()
    found = Import(*told.recv())
    process.join()
    return found


def _tell(to: Connection) -> None:
    from tests import preloaded  # noqa: PLC0415  # where processes are forked, and only there

    asked = len(preloaded.asked)
    with preloaded.alone(), suppress(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9))
    noted = preloaded.asked[asked:]
    to.send((preloaded.BEFORE, preloaded.AFTER, preloaded.asked[:asked], noted))


def _run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for name, descriptor in (("out.log", 1), ("errors.log", 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.exit(main(arguments))
