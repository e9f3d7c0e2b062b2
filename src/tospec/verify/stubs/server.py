"""What listens on a port of this machine, and reads what is sent there."""

import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from tospec.verify.stubs.called import Reply

_MOST: Final = 1_048_576
_IDLE_SECONDS: Final = 60.0


class Server(ThreadingHTTPServer):
    """A server that closes what is open when it ends."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type["Handler"]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and know of it for as long as it is open."""
        self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)

    def server_close(self) -> None:
        """Close every connection as well: a client that keeps one would talk to nobody."""
        super().server_close()
        for each in tuple(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go away."""


class Handler(BaseHTTPRequestHandler, ABC):
    """Reads a request whatever its method, bounded, and gives a reply."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS

    @abstractmethod
    def reply(self, content: bytes) -> Reply:
        """Return how to reply to the request, whose body is `content`."""

    def _serve(self) -> None:
        self._answer(self.reply(self._content()))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's names

    def _content(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        size = self.headers.get("content-length", "0")
        return self.rfile.read(min(int(size) if size.isdecimal() else 0, _MOST))

    def _chunks(self) -> Iterator[bytes]:
        left = _MOST
        while size := int(self.rfile.readline(32).partition(b";")[0] or b"0", 16):
            yield self.rfile.read(min(size, left))
            self.rfile.readline(8)
            left -= size
            if left <= 0:
                self.close_connection = True
                return
        self.rfile.readline(8)

    def _answer(self, reply: Reply) -> None:
        time.sleep(reply.seconds)
        if not reply.status:
            self.close_connection = True
            return
        data = reply.text.encode()
        self.send_response(reply.status)
        for name, value in (("content-type", "application/json"), *reply.headers):
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def served(server: Server) -> Iterator[None]:
    """Serve until the block ends."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
