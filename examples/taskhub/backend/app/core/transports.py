"""Transports that stand before another one, and change something of what is sent over it."""

import asyncio
from collections.abc import Iterable
from typing import Any, override


class PassingTransport(asyncio.Transport):
    """A transport that passes on to another one whatever is asked of it.

    Attributes:
        plain: The other one.
    """

    def __init__(self, plain: asyncio.Transport) -> None:
        super().__init__()
        self.plain = plain

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.plain.write(data)

    @override
    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    @override
    def close(self) -> None:
        self.plain.close()

    @override
    def abort(self) -> None:
        self.plain.abort()

    @override
    def is_closing(self) -> bool:
        return self.plain.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.plain.get_extra_info(name, default)

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.plain.set_protocol(protocol)

    @override
    def pause_reading(self) -> None:
        self.plain.pause_reading()

    @override
    def resume_reading(self) -> None:
        self.plain.resume_reading()
