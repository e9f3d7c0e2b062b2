"""A proxy for TCP that does on demand what networks, and servers behind them, do now and then.

It runs in a thread of its own and stands between the backend and what the backend asks.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

type Hook = Callable[[int, bytes], bool]

_CHUNK: Final = 65_536
_SECONDS: Final = 10.0
_RESET: Final = struct.pack("ii", 1, 0)


class Mode(Enum):
    """What becomes of what is sent."""

    PASS = auto()
    REFUSE = auto()
    """New connections are refused; those there are end."""
    HANG = auto()
    """Connections are taken, and nothing passes until the mode changes."""
    DELAY = auto()
    """Everything comes `seconds` late, give or take `jitter`."""
    CUT = auto()
    """Connections end once `size` more bytes have been sent."""
    CUT_REPLY = auto()
    """What holds `mark` is passed on, and the connection ends after `size` bytes of the reply."""
    BLACKHOLE = auto()
    """What is sent is held back without a word, and what is answered passes."""
    RST = auto()
    """Connections are taken, and reset."""
    THROTTLE = auto()
    """`size` bytes pass in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """A mode, and its figures."""

    mode: Mode = Mode.PASS
    seconds: float = 0.0
    jitter: float = 0.0
    size: int = 0
    mark: bytes = b""


class _CutError(Exception):
    """The connection is to end here."""


@dataclass(slots=True)
class _Link:
    """A connection through the proxy.

    Attributes:
        marked: Whether what holds the mark was passed on.
        left: How many bytes may still pass; None for any number.
    """

    down: asyncio.StreamWriter
    up: asyncio.StreamWriter
    marked: bool = False
    left: int | None = None

    def end(self, *, reset: bool) -> None:
        for each in (self.down, self.up):
            raw = each.get_extra_info("socket")
            if reset and raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            each.transport.abort() if reset else each.close()


class Proxy:
    """Passes on what is sent to `port`, in the manner that is set.

    Attributes:
        packets: How many packets clients have sent, those that were held back included.
        cut: How many connections were ended on purpose.
    """

    def __init__(self, target: tuple[str, int], *, seed: int = 1) -> None:
        self.packets = 0
        self.cut = 0
        self._target = target
        self._manner = Manner()
        self._hook: Hook | None = None
        self._random = random.Random(seed)  # noqa: S311  # it keeps no secret
        self._open: dict[int, _Link] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self.port = 0
        self._call(self._listen())

    def behave(self, manner: Manner | Mode) -> None:
        """Act in a manner from now on, on the connections there are as well."""
        chosen = manner if isinstance(manner, Manner) else Manner(mode=manner)
        self._call(self._changed(chosen))

    def watch(self, hook: Hook | None) -> None:
        """Let `hook` see the number and the bytes of each packet of clients before it goes on.

        What it returns true for goes nowhere.
        """
        self._hook = hook

    def close(self) -> None:
        """End everything."""
        self._call(self._closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        done.result(_SECONDS)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _changed(self, manner: Manner) -> None:
        was, self._manner = self._manner, manner
        if manner.mode in {Mode.REFUSE, Mode.RST}:
            self._end_all(reset=manner.mode is Mode.RST)
        for link in self._open.values():
            link.left = manner.size if manner.mode is Mode.CUT else None
        if manner.mode is Mode.REFUSE and self._server is not None:
            self._server.close()
        elif was.mode is Mode.REFUSE and manner.mode is not Mode.REFUSE:
            await self._listen()

    async def _closed(self) -> None:
        if self._server is not None:
            self._server.close()
        self._end_all(reset=True)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _end_all(self, *, reset: bool) -> None:
        self.cut += len(self._open)
        for link in list(self._open.values()):
            link.end(reset=reset)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link: _Link | None = None
        try:
            await self._held(_Link(writer, writer))
            there, up = await asyncio.open_connection(*self._target)
            link = _Link(writer, up)
            link.left = self._manner.size if self._manner.mode is Mode.CUT else None
            self._open[id(link)] = link
            both = (self._pump(reader, up, link, is_up=True), self._pump(there, writer, link))
            await asyncio.gather(*both)
        except (OSError, _CutError):
            self.cut += link is not None
        finally:
            # Not as if it had ended well: clients must see that it broke off.
            (link or _Link(writer, writer)).end(reset=True)
            self._open.pop(id(link), None)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        link: _Link,
        *,
        is_up: bool = False,
    ) -> None:
        while chunk := await reader.read(_CHUNK):
            if is_up:
                self.packets += 1
                if self._hook is not None and self._hook(self.packets, chunk):
                    continue
            writer.write(await self._shaped(chunk, link, is_up=is_up))
            await writer.drain()
            if link.left == 0:
                raise _CutError
        if writer.can_write_eof():
            writer.write_eof()

    async def _shaped(self, chunk: bytes, link: _Link, *, is_up: bool) -> bytes:
        """Return what passes of some bytes, when it passes."""
        await self._held(link, is_up=is_up)
        manner = self._manner
        if manner.mode is Mode.DELAY:
            spread = self._random.uniform(-manner.jitter, manner.jitter)
            await asyncio.sleep(max(0.0, manner.seconds + spread))
        elif manner.mode is Mode.THROTTLE:
            await asyncio.sleep(len(chunk) / manner.size)
        elif manner.mode is Mode.CUT_REPLY:
            if is_up and manner.mark in chunk:
                link.marked = True
            elif link.marked and not is_up:
                link.left = min(manner.size, len(chunk))
        if link.left is None:
            return chunk
        passed = chunk[: link.left]
        link.left -= len(passed)
        return passed

    async def _held(self, link: _Link, *, is_up: bool = True) -> None:
        """Wait as long as nothing passes."""
        while True:
            mode = self._manner.mode
            if mode is Mode.RST:
                raise _CutError
            if mode is not Mode.HANG and not (mode is Mode.BLACKHOLE and is_up):
                return
            if link.down.transport.is_closing():
                raise _CutError
            await asyncio.sleep(0.02)
