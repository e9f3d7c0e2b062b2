"""Every way in which another service may fail."""

import asyncio
from enum import StrEnum
from typing import Final

_DRIP_SECONDS: Final = 0.05
_FOREVER: Final = 3600.0
_PIECE: Final = b"x" * 65_536


class Fault(StrEnum):
    """How a stub fails."""

    RESET = "reset"
    """Breaks the connection before it has done anything."""
    LOSE = "lose"
    """Does what it is asked to, and breaks the connection."""
    HANG = "hang"
    HANG_AFTER_HEADERS = "hang-after-headers"
    DRIP = "drip"
    """Answers without end, little by little."""
    HUGE = "huge"
    """Answers without end, as fast as it can."""
    ERROR = "error"
    AWAY = "away"
    """Is away, and says for how long."""
    BUSY = "busy"
    REFUSE = "refuse"
    UNKNOWN = "unknown"
    """Does not know who asks."""
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    WRONG_TYPE = "wrong-type"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    ENCODED = "encoded"


SAID: Final = "Nobody but the stub says this"
"""What every refusal says."""
_ANSWERS: Final = {
    Fault.ERROR: (500, (), SAID.encode()),
    Fault.AWAY: (503, (("retry-after", "1"),), SAID.encode()),
    Fault.BUSY: (429, (("retry-after", "1"),), SAID.encode()),
    Fault.REFUSE: (400, (), SAID.encode()),
    Fault.UNKNOWN: (401, (), SAID.encode()),
    Fault.REDIRECT: (307, (("location", "/elsewhere"),), b""),
    Fault.GARBAGE: (200, (), b"<html>\x00\xff</html>"),
    Fault.WRONG_TYPE: (200, (), b'{"id": [1]}'),
    Fault.EMPTY: (200, (), b""),
    Fault.ENCODED: (200, (("content-encoding", "gzip"),), b'{"id": "1"}'),
}
_REASONS: Final = {200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized"}


async def answer(
    writer: asyncio.StreamWriter,
    status: int,
    content: bytes,
    *headers: tuple[str, str],
    length: int | None = None,
    kind: str = "application/json",
) -> None:
    """Send an answer."""
    told = {"content-type": kind, "content-length": length or len(content), "connection": "close"}
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in (*told.items(), *headers)]
    writer.write("\r\n".join([*lines, "", ""]).encode() + content)
    await writer.drain()


async def fail(writer: asyncio.StreamWriter, fault: Fault) -> None:
    """Answer a request in the way of `fault`, or not at all."""
    match fault:
        case Fault.RESET | Fault.LOSE:
            writer.transport.abort()
        case Fault.HANG:
            await asyncio.sleep(_FOREVER)
        case Fault.HANG_AFTER_HEADERS:
            await answer(writer, 200, b"", length=10)
            await asyncio.sleep(_FOREVER)
        case Fault.TRUNCATED:
            await answer(writer, 200, b'{"id": "', length=100)
        case Fault.DRIP | Fault.HUGE:
            await _without_end(writer, fault)
        case _:
            status, headers, content = _ANSWERS[fault]
            await answer(writer, status, content, *headers)


async def _without_end(writer: asyncio.StreamWriter, fault: Fault) -> None:
    await answer(writer, 200, b"{", length=1 << 40)
    while not writer.is_closing():
        writer.write(b" " if fault is Fault.DRIP else _PIECE)
        await writer.drain()
        await asyncio.sleep(_DRIP_SECONDS if fault is Fault.DRIP else 0)
