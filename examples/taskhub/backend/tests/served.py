"""The backend as a process of its own: how tests start it, talk to it and stop it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.installation import SETTINGS

ROOT = Path(__file__).parents[1]


class Service:
    """A served process and how to talk to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15)

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
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **SETTINGS, **own}


def start(folder: Path, stdout: int | None = None, **more: str) -> Service:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=folder,
            env=environment(folder) | more,
            stdout=log if stdout is None else stdout,
            stderr=subprocess.PIPE,
        )
    return Service(process, port)


def wait(service: Service) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        try:
            if service.get("/livez").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError(service.process.stderr)


def stop(service: Service) -> int:
    service.process.send_signal(signal.SIGTERM)
    try:
        return service.process.wait(30)
    finally:
        service.process.kill()
        service.client.close()
        if service.process.stderr:
            service.process.stderr.close()
