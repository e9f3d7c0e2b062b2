"""Connections that end in time: every read and write counts against one deadline."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError
from typing import Any, Final

import httpcore

_PIECE: Final = 64 * 1024


@dataclass(slots=True)
class Deadline:
    """Until when the present exchange may take.

    Attributes:
        at: On the monotonic clock.
        gate: Where the first write waits for other connections, so that requests race; None
            when this one goes alone.
    """

    at: float = 0.0
    gate: Barrier | None = None

    def left(self) -> float:
        """Return the seconds that are left; zero or less when none are."""
        return self.at - time.monotonic()

    def pass_gate(self) -> None:
        """Wait, once, until the others have come as far, or for as long as there is time."""
        gate, self.gate = self.gate, None
        if gate is None:
            return
        try:
            gate.wait(max(self.left() / 2, 0.001))
        except BrokenBarrierError:
            return


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections that keep a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect before the deadline."""
        left = self._deadline.left()
        if left <= 0:
            raise httpcore.ConnectTimeout
        stream = self._sockets.connect_tcp(host, port, left, local_address, socket_options)
        return BoundedStream(stream, self._deadline)


class BoundedStream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than the deadline allows."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there before the deadline."""
        left = self._deadline.left()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all before the deadline, in pieces, since each piece has a timeout of its own."""
        self._deadline.pass_gate()
        for start in range(0, len(buffer), _PIECE):
            left = self._deadline.left()
            if left <= 0:
                raise httpcore.WriteTimeout
            self._stream.write(buffer[start : start + _PIECE], left)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Secure the connection before the deadline."""
        left = self._deadline.left()
        if left <= 0:
            raise httpcore.ConnectTimeout
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return BoundedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection tells about itself."""
        return self._stream.get_extra_info(info)
