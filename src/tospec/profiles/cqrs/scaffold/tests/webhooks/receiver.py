"""A machine that deliveries are made to, which answers as it is told to."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

type Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]

_HEAD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A request as it came."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        return json.loads(self.body)


def saying(status: int, *, headers: str = "", body: bytes = b"") -> Answer:
    """Return what answers with a status."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status} Answer\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return answer


async def hanging(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def dripping(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-drop: 1\r\n" * 1000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def pouring(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()


async def heading(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-line: " + b"x" * 4096 + b"\r\n")
        await writer.drain()


class Receiver:
    """Answers as it is told to, and remembers what it heard.

    Attributes:
        heard: All requests so far.
        answer: What becomes of the next ones.
        connections: How often somebody has connected.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer: Answer = saying(204)
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=us"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Receiver"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            server.abort_clients()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.heard.append(await _read(reader))
            await self.answer(writer)
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(_HEAD_END)).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Heard(line=head[0], headers=headers, body=body)


def verified(heard: Heard, secret: str, *, now: float, tolerance: float = 300) -> bool:
    """Return whether a request is signed, as a receiver finds out that knows but the standard."""
    kind, _, encoded = secret.partition("_")
    assert kind == "whsec"
    stamp = heard.headers["webhook-timestamp"]
    if abs(now - int(stamp)) > tolerance:
        return False
    content = b".".join([heard.id.encode(), stamp.encode(), heard.body])
    wanted = hmac.new(base64.b64decode(encoded, validate=True), content, hashlib.sha256).digest()
    for signature in heard.headers["webhook-signature"].split(" "):
        version, _, tag = signature.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64decode(tag), wanted):
            return True
    return False
