"""A provider of mail that stands in for the real one, and can be made to fail."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, override

TOKEN: Final = "any"  # noqa: S105  # the stub believes everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A message that was asked for.

    Attributes:
        at: When, by the clock of the machine.
        key: Its `Idempotency-Key`.
        status: What was answered.
    """

    at: float
    key: str
    to: str
    subject: str
    status: int


class Inbox:
    """Takes messages, and keeps what it was asked for.

    Attributes:
        status: What it answers from now on.
        before_answer: Is called with each call once that was accepted.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.status = 200
        self.before_answer: Callable[[Call], object] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def since(self, time_: float) -> list[Call]:
        """Return what it was asked for since a time."""
        return [each for each in list(self.calls) if each.at >= time_]

    @property
    def accepted(self) -> list[Call]:
        """Return what it has done."""
        return [each for each in list(self.calls) if each.status == 200]


def _handler(inbox: Inbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            call = Call(
                at=time.time(),
                key=self.headers.get("idempotency-key", ""),
                to=said["to"],
                subject=said["subject"],
                status=inbox.status,
            )
            inbox.calls.append(call)
            if inbox.before_answer is not None:
                inbox.before_answer(call)
            body = json.dumps({"id": call.key}).encode()
            self.send_response(call.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        @override
        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                # Whoever asked is gone.
                self.close_connection = True

    return Handler
