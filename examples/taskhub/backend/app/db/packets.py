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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from struct import Struct
from typing import Any, Final, cast, override

from app.core.transports import PassingTransport

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


class Packets(PassingTransport):
    """A transport that sends commands in one packet with a statement of the driver.

    Attributes:
        before: What a statement comes after, each time that it is asked anew.
        behind: What comes after it, if it does not fail; empty once it was sent.
    """

    def __init__(self, plain: asyncio.Transport) -> None:
        super().__init__(plain)
        self.before = b""
        self.behind = b""

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Send nothing besides for a while: what the driver asks of itself is not meant."""
        before, self.before = self.before, b""
        behind, self.behind = self.behind, b""
        try:
            yield
        finally:
            self.before, self.behind = before, behind

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.before or self.behind:
            data = self._joined(bytes(data))
        self.plain.write(data)

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
        # Each statement asks for some of them; what has been found is not looked for again.
        found = self.__dict__[name] = getattr(self._loop, name)
        return found

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
