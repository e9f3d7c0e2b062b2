"""Commands that go to PostgreSQL in one packet with the statement that somebody waits for.

The driver sends one statement at a time and waits for its answer. To send a packet and to wake for
its answer takes more than most statements do, and nobody waits for what a `BEGIN` or a `COMMIT`
says. The protocol lets several commands come before one `Sync`: the server carries them out one
after the other, passes over the rest once one has failed, and answers all of them together. So the
driver hears the answer to its statement, or the first failure as if its statement had it.

This relies on how asyncpg hands messages to its transport, and on its taking no offence at the end
of commands that it has not sent. It promises neither; versions are pinned, and the tests of this
room hold both.
"""

import asyncio
from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any, Final, cast, override

_PARSE: Final = b"P"
_BIND: Final = b"B"
_EXECUTE: Final = b"E"
_SYNC: Final = b"S\x00\x00\x00\x04"
_LENGTH: Final = Struct("!i")
# No parameters, no forms of parameters; then the same for values, and no forms of results.
_NO_PARAMETERS: Final = bytes(2)
_NO_VALUES: Final = bytes(6)
_NO_NAME: Final = b"\x00"
_ALL_ROWS: Final = bytes(4)


def commands(texts: Iterable[str]) -> bytes:
    """Return the messages that carry out commands without values and without rows."""
    return b"".join(map(_command, texts))


class Packets(asyncio.Transport):
    """A transport that sends commands in one packet with a statement of the driver.

    Attributes:
        before: What a statement comes after, each time that it is asked anew.
        behind: What comes after it, if it does not fail; empty once it was sent.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self.before = b""
        self.behind = b""

    @property
    def plain(self) -> asyncio.Transport:
        """Return what sends the packets."""
        return self._transport

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.before or self.behind:
            data = self._joined(bytes(data))
        self._transport.write(data)

    @override
    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    @override
    def close(self) -> None:
        self._transport.close()

    @override
    def abort(self) -> None:
        self._transport.abort()

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._transport.set_protocol(protocol)

    @override
    def pause_reading(self) -> None:
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def _joined(self, data: bytes) -> bytes:
        if data.startswith(_PARSE):
            # The statement is only made known; what is asked of it comes next.
            before, self.before = self.before, b""
            return before + data
        if not data.startswith(_BIND) or not data.endswith(_SYNC):
            return data
        behind, self.behind = self.behind, b""
        return b"".join((self.before, data.removesuffix(_SYNC), behind, _SYNC))


class PacketLoop:
    """An event loop whose connections are `Packets`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    async def create_connection(
        self, factory: Callable[[], asyncio.Protocol], *place: Any, **options: Any
    ) -> tuple[Packets, asyncio.Protocol]:
        """Connect over TCP."""
        _, made = await self._loop.create_connection(lambda: _Made(factory()), *place, **options)
        return made.packets, made.protocol

    async def create_unix_connection(
        self, factory: Callable[[], asyncio.Protocol], *place: Any, **options: Any
    ) -> tuple[Packets, asyncio.Protocol]:
        """Connect to a socket of this machine."""
        _, made = await self._loop.create_unix_connection(
            lambda: _Made(factory()), *place, **options
        )
        return made.packets, made.protocol

    async def start_tls(self, packets: Packets, *with_whom: Any, **options: Any) -> Packets | None:
        """Encrypt what a connection sends from now on."""
        encrypted = await self._loop.start_tls(packets.plain, *with_whom, **options)
        return None if encrypted is None else Packets(encrypted)


class _Made(asyncio.Protocol):
    """Puts `Packets` between a protocol and its transport as soon as there is one."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        self.protocol = protocol

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.packets = Packets(cast("asyncio.Transport", transport))
        transport.set_protocol(self.protocol)
        self.protocol.connection_made(self.packets)


def _command(text: str) -> bytes:
    parse = _NO_NAME + text.encode() + b"\x00" + _NO_PARAMETERS
    bind = _NO_NAME + _NO_NAME + _NO_VALUES
    return b"".join(
        (
            _message(_PARSE, parse),
            _message(_BIND, bind),
            _message(_EXECUTE, _NO_NAME + _ALL_ROWS),
        )
    )


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + _LENGTH.pack(len(content) + _LENGTH.size) + content
