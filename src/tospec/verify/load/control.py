"""The positive control of a measurement: a stub that is known to be too slow."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from tospec.verify.load.samples import Samples
from tospec.verify.wire.client import Outgoing, Wire
from tospec.verify.wire.target import Target

_ASKED: Final = 4
_ACCURACY: Final = 25.0
"""Milliseconds by which the control may be measured too long."""
_BODY: Final = b"{}"
_QUEUE: Final = 1024
"""People who connect at the same moment are not sent away."""


def control(delay: float, people: int) -> tuple[Samples, bool]:
    """Measure a stub that answers after a delay, by so many people at once.

    Args:
        delay: Milliseconds.
        people: How many ask at a time.

    Returns:
        What was measured, and whether it is the delay.
    """
    samples = Samples()
    with _slow(delay / 1000) as target:
        threads = [Thread(target=_ask, args=(target, samples)) for _ in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    complete = len(samples) == people * _ASKED
    return samples, complete and delay <= samples.percentile(50) <= delay + _ACCURACY


def _ask(target: Target, samples: Samples) -> None:
    wire = Wire(target)
    for _ in range(_ASKED):
        answer = wire.send(Outgoing(method="GET", target="/", headers=()))
        if answer.fault:
            samples.refuse(answer.fault)
        else:
            samples.add(answer)
    wire.close()


@contextmanager
def _slow(seconds: float) -> Iterator[Target]:
    class Stub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            time.sleep(seconds)
            self.send_response(200)
            self.send_header("content-length", str(len(_BODY)))
            self.end_headers()
            self.wfile.write(_BODY)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = _QUEUE

    server = Server(("127.0.0.1", 0), Stub)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Target(scheme="http", host="127.0.0.1", port=server.server_port, prefix="")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
