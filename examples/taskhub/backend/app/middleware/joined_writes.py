"""What is written to a connection one right after the other, sent in one go."""

import asyncio
from collections.abc import Iterable
from typing import Any, override


class JoinedWrites(asyncio.Transport):
    """A transport that lets what is written wait for the next write, or for the loop to turn.

    The head of an answer and its body come as two writes, and to hand them to the network one
    by one costs more than most of what has led to them.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._waiting = b""

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self._transport.write(b"".join((waiting, data)))
        else:
            self._waiting = bytes(data)
            self._loop.call_soon(self._send)

    @override
    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    @override
    def close(self) -> None:
        self._send()
        self._transport.close()

    @override
    def abort(self) -> None:
        self._waiting = b""
        self._transport.abort()

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    @override
    def pause_reading(self) -> None:
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def _send(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self._transport.write(waiting)
