"""How the process ends: what was begun is answered, and nothing keeps it for ever."""

import json
import secrets
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.requirements import OPERATIONS
from tests.served import DATABASE, Service, client_of, start, start_alone, stop, wait

pytestmark = [pytest.mark.requirement(*OPERATIONS), pytest.mark.waits(3)]

CLIENTS = 4
PAUSE = 0.1


class Client(threading.Thread):
    """Signs up again and again over one connection, as long as it is let.

    Attributes:
        statuses: What it was answered.
        failure: What broke a request off, if anything did.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self.statuses: list[int] = []
        self.failure: Exception | None = None
        self._port = port

    def run(self) -> None:
        with client_of(self._port, timeout=30) as client:
            try:
                while self._goes_on(client.post("/v1/auth/sign-up", json=newcomer())):
                    time.sleep(PAUSE)
            except httpx.HTTPError as error:
                self.failure = error

    def _goes_on(self, answer: httpx.Response) -> bool:
        self.statuses.append(answer.status_code)
        return answer.headers.get("connection") != "close"


def newcomer() -> dict[str, str]:
    name = secrets.token_hex(8)
    return {
        "tenant_name": name,
        "name": name,
        "email": f"{name}@example.com",
        "password": secrets.token_urlsafe(24),
    }


def tenants(folder: Path) -> int:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        found: int = connection.execute("SELECT count(*) FROM tenants").fetchone()[0]
        return found


@contextmanager
def half_a_request(service: Service) -> Iterator[socket.socket]:
    """Give a connection with a request whose body does not come."""
    head = (
        b"POST /v1/auth/sign-up HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(head)
        time.sleep(0.3)
        yield connection


def test_under_load_everything_begun_is_answered(tmp_path: Path) -> None:
    service = start(tmp_path, SHUTDOWN_DELAY="1.5")
    wait(service)
    clients = [Client(service.port) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    while not all(client.statuses for client in clients):
        time.sleep(0.01)

    service.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    with client_of(service.port) as newcomer_client:
        ready = newcomer_client.get("/readyz")
        served = newcomer_client.get("/livez")

    assert (ready.status_code, served.status_code) == (503, 200)
    assert ready.headers["connection"] == served.headers["connection"] == "close"
    assert service.process.wait(30) == 0
    for client in clients:
        client.join()
    assert [client.failure for client in clients] == [None] * CLIENTS
    answered = [status for client in clients for status in client.statuses]
    assert set(answered) == {201}
    assert tenants(tmp_path) == len(answered)
    stop(service)


def test_a_request_that_goes_on_for_too_long_is_told_so(tmp_path: Path) -> None:
    service = start(tmp_path, SHUTDOWN_TIMEOUT="1", BODY_TIMEOUT="60")
    wait(service)
    with half_a_request(service) as connection:
        service.process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 "), answer
        assert b"\r\nretry-after: " in head
        assert json.loads(body)["code"] == "service-unavailable"
        assert service.process.wait(10) == 0
    stop(service)


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    service = start(tmp_path, SHUTDOWN_TIMEOUT="60", BODY_TIMEOUT="60")
    wait(service)
    with half_a_request(service):
        service.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert service.process.poll() is None
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(2) == -signal.SIGTERM
    stop(service)


def test_a_signal_while_it_starts_ends_it(tmp_path: Path) -> None:
    service = start_alone(tmp_path)
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(20) in {0, -signal.SIGTERM}
    stop(service)
