"""The real process: what uvicorn adds, how it starts and how it stops."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import ROOT, Fork, Service, start, start_alone, stop, wait

pytestmark = pytest.mark.waits(2)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("served")
    service = start(folder)
    wait(service)
    yield service
    stop(service)


def test_it_starts_answers_and_stops_cleanly(tmp_path: Path) -> None:
    service = start_alone(tmp_path)
    wait(service)
    assert "server" not in service.get("/livez").headers
    assert service.get("/health").json()["dependencies"]["database"]["status"] == "up"
    assert service.get("/readyz").status_code == 200
    assert stop(service) == 0
    lines = [json.loads(line) for line in (tmp_path / "out.log").read_bytes().splitlines()]
    assert [line["endpoint"] for line in lines if line.get("event") == "request"][-2:] == [
        "GET /health",
        "GET /readyz",
    ]
    assert all("correlation_id" in line for line in lines)


def test_wrong_settings_are_told_without_a_traceback(tmp_path: Path) -> None:
    service = start(tmp_path, SECRET_KEY="weak", LOG_LEVEL="LOUD")
    assert service.process.wait(20) == 2
    assert "SECRET_KEY" in service.complaints
    assert "LOG_LEVEL" in service.complaints
    assert "Traceback" not in service.complaints
    assert "weak" not in service.complaints
    stop(service)


def test_a_stalled_log_reader_does_not_stall_requests(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out.log")
    reading = os.open(tmp_path / "out.log", os.O_RDONLY | os.O_NONBLOCK)
    service = start(tmp_path)
    wait(service)
    for _ in range(400):
        assert service.get("/livez").status_code == 200
    os.close(reading)
    assert stop(service) == 0


def test_hosts(service: Service) -> None:
    close = b"Connection: close\r\n\r\n"
    for headers, status in (
        (b"Host: a\r\n", b"200"),
        (b"", b"400"),
        (b"Host: a\r\nHost: a\r\n", b"400"),
        (b"Host: a b\r\n", b"400"),
    ):
        answer, _ = service.exchange(b"GET /livez HTTP/1.1\r\n" + headers + close)
        assert answer.split()[1] == status, headers


def test_smuggling(service: Service) -> None:
    second = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    for framing in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ):
        request = b"POST /livez HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n0\r\n\r\n" + second
        answer, closed = service.exchange(request)
        assert answer.startswith(b"HTTP/1.1 400"), (framing, answer)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert closed


def test_sizes_of_the_message(service: Service) -> None:
    host = b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    for start_line, headers, status in (
        (b"GET /livez?" + b"x" * 9000, b"", b"414"),
        (b"GET /livez", b"X: " + b"x" * 40_000 + b"\r\n", b"431"),
        (b"GET /livez", b"".join(b"X%d: x\r\n" % i for i in range(101)), b"431"),
        (b"GET /livez", b"X: " + b"x" * 20_000 + b"\r\n", b"200"),
    ):
        answer, _ = service.exchange(start_line + host + headers + b"\r\n")
        assert answer.split()[1] == status


def test_methods(service: Service) -> None:
    tail = b" /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    for method, status in (
        (b"TRACE", b"405"),
        (b"OPTIONS", b"204"),
        (b"BREW", b"405"),
        (b"get", b"405"),
        (b"M-SEARCH", b"405"),
        (b"X" * 40, b"400"),
        (b"BR(EW", b"400"),
        (b"", b"400"),
    ):
        answer, _ = service.exchange(method + tail)
        assert answer.split()[1] == status, method
    answer, _ = service.exchange(b"HEAD" + tail)
    assert answer.split()[1] == b"200"
    assert answer.endswith(b"\r\n\r\n")


def test_an_invented_method_is_told_which_there_are(service: Service) -> None:
    for body in (b"\r\n", b"Content-Length: 4\r\n\r\nPOST"):
        invented = b"BREW /livez HTTP/1.1\r\nHost: a\r\n" + body
        known = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", service.port), timeout=5) as connection:
            connection.sendall(invented)
            first = b""
            while not first.endswith(b"}"):
                first += connection.recv(65536)
            connection.sendall(known)
            second = connection.recv(65536)
        assert first.startswith(b"HTTP/1.1 405 "), first
        assert b"\r\nallow: get, head, options\r\n" in first.lower()
        assert b"application/problem+json" in first
        assert second.startswith(b"HTTP/1.1 200 "), second


def test_whoever_waits_to_send_is_refused_before(service: Service) -> None:
    for path, length, status in (
        (b"/v1/me", 10, b"405"),
        (b"/v1/auth/sign-out", 10, b"401"),
        (b"/v1/auth/sign-in", 5_000_000, b"413"),
    ):
        head = b"POST %s HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" % path
        fields = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % length
        answer, _ = service.exchange(head + fields, limit=1.0)
        assert answer.split()[1] == status, answer
        assert b"100 Continue" not in answer


def test_no_other_protocol_is_switched_to(service: Service) -> None:
    host = b" HTTP/1.1\r\nHost: a\r\n"
    body = b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    last = b"GET /livez" + host + b"Connection: close\r\n\r\n"
    for upgrade in (
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
    ):
        answer, closed = service.exchange(b"POST /v1/auth/sign-in" + host + upgrade + body + last)
        lines = [line for line in answer.split(b"\r\n") if b"HTTP/1.1 " in line]
        assert [line.rpartition(b"HTTP/1.1 ")[2][:3] for line in lines] == [b"422", b"200"], answer
        assert closed


def test_the_application_describes_itself(tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    fork = Fork(["openapi", "--out", "sub/api.json"], folder=tmp_path, environment=bare)
    assert fork.wait(60) == 0
    told = json.loads((tmp_path / "sub" / "api.json").read_text())
    assert told == json.loads((ROOT / "docs" / "openapi.json").read_text())
