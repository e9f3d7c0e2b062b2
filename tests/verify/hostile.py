"""Targets that misbehave: real sockets, one thread a connection, each doing one wrong thing."""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final

type Behaviour = Callable[[socket.socket], None]
"""Acts on a connection whose first request has been read."""

type Respond = Callable[[bytes], tuple[str, bytes]]
"""Gives status and body of the answer to a request."""

PIECE: Final = b"x" * 65_536
LONGEST: Final = 30.0
"""For how long at most a target goes on, so that a test that fails ends as well."""


@dataclass(slots=True)
class Target:
    """A listening target.

    Attributes:
        url: Its base URL.
        received: What each connection sent in its first request; all requests, if it responds.
        connections: How many connections there were.
        respond: How it answers every request, if it behaves.
    """

    url: str
    received: list[bytes] = field(default_factory=list)
    connections: int = 0
    respond: Respond | None = None


@contextmanager
def listening(behave: Behaviour) -> Iterator[Target]:
    """Listen on a port of this machine, and behave so on every connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = Target(f"http://127.0.0.1:{server.getsockname()[1]}")

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    target.connections += 1
                    threading.Thread(
                        target=_serve, args=(connection, behave, target), daemon=True
                    ).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield target
        finally:
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def responding(respond: Respond) -> Iterator[Target]:
    """Listen on a port of this machine, and answer every request with JSON as a function says."""
    with listening(lambda connection: None) as target:
        target.respond = respond
        yield target


def _serve(connection: socket.socket, behave: Behaviour, target: Target) -> None:
    connection.settimeout(LONGEST)
    with connection, suppress(OSError):
        request = request_of(connection)
        target.received.append(request)
        while target.respond is not None and request:
            status, body = target.respond(request)
            connection.sendall(_message(status, body))
            request = request_of(connection)
            target.received += [request] if request else []
        behave(connection)


def request_of(connection: socket.socket) -> bytes:
    """Return one request, head and body; what there is when the client closes."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
            while len(body) < length and (piece := connection.recv(65_536)):
                body += piece
    return head + b"\r\n\r\n" + body


def answer(
    body: bytes = b"{}", *, status: str = "200 OK", headers: tuple[str, ...] = ()
) -> Behaviour:
    """Answer every request of the connection properly."""
    whole = _message(status, body, headers)

    def behave(connection: socket.socket) -> None:
        connection.sendall(whole)
        while request_of(connection):
            connection.sendall(whole)

    return behave


def raw(data: bytes) -> Behaviour:
    """Send bytes, whatever they are, and close."""
    return lambda connection: connection.sendall(data)


def redirect(location: str) -> Behaviour:
    """Answer with a redirect."""
    return answer(b"", status="307 Temporary Redirect", headers=(f"location: {location}",))


def endless_body(connection: socket.socket) -> None:
    """Send a body of ten gigabytes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n")
    _forever(connection, PIECE)


def endless_chunks(connection: socket.socket) -> None:
    """Send chunk after chunk."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    _forever(connection, b"10000\r\n" + PIECE + b"\r\n")


def endless_headers(connection: socket.socket) -> None:
    """Send header after header."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    _forever(connection, b"x-more: " + b"y" * 1_000 + b"\r\n")


def one_endless_header(connection: socket.socket) -> None:
    """Send a header whose value does not end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx-long: ")
    _forever(connection, PIECE)


def endless_interim_answers(connection: socket.socket) -> None:
    """Say again and again that the answer will come."""
    _forever(connection, b"HTTP/1.1 103 Early Hints\r\n\r\n")


def dripping_head(connection: socket.socket) -> None:
    """Send the head of an answer byte by byte."""
    _drip(connection, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


def dripping_body(connection: socket.socket) -> None:
    """Send the body of an answer byte by byte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    _drip(connection, b"x" * 1_000)


def silent(connection: socket.socket) -> None:
    """Answer nothing, and keep the connection."""
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """Break the connection off by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_in_the_body(connection: socket.socket) -> None:
    """Break the connection off by RST in the middle of a body."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf")
    time.sleep(0.05)
    reset(connection)


@cache
def gzip_bomb() -> Behaviour:
    """Answer with little that becomes a lot."""
    bomb = gzip.compress(bytes(2**26))
    return answer(bomb, headers=("content-encoding: gzip",))


def _message(status: str, body: bytes, headers: tuple[str, ...] = ()) -> bytes:
    head = [f"HTTP/1.1 {status}", "content-type: application/json", *headers]
    head.append(f"content-length: {len(body)}")
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def _forever(connection: socket.socket, piece: bytes) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        connection.sendall(piece)


def _drip(connection: socket.socket, data: bytes) -> None:
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)
