"""What is written to a connection one right after the other, sent in one go."""

import asyncio
from typing import override

from app.core.transports import PassingTransport


class JoinedWrites(PassingTransport):
    """A transport that lets what is written wait for the next write, or for the loop to turn.

    The head of an answer and its body come as two writes, and to hand them to the network one
    by one costs more than most of what has led to them.
    """

    def __init__(self, plain: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(plain)
        self._loop = loop
        self._waiting = b""

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self.plain.write(b"".join((waiting, data)))
        else:
            self._waiting = bytes(data)
            self._loop.call_soon(self._send)

    @override
    def close(self) -> None:
        self._send()
        super().close()

    @override
    def abort(self) -> None:
        self._waiting = b""
        super().abort()

    def _send(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self.plain.write(waiting)
