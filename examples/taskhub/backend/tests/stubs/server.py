"""A server that takes what the contracts say, does it once a key, and fails when told to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from tests.stubs.calls import Call
from tests.stubs.faults import Fault, answer, fail
from tests.stubs.inbox import page

_HEAD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: Any

    @property
    def key(self) -> str | None:
        """What it is known by."""
        return self.headers.get("idempotency-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What was done, and how that was answered."""

    call: Call
    key: str | None
    values: Mapping[str, Any]
    answer: Mapping[str, Any]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Stub:
    """Other services, all in one.

    Args:
        calls: What they may be asked for.

    Attributes:
        asked: All requests so far.
        effects: What they brought about.
        faults: How the next requests fail.
    """

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = {(call.method, call.target): call for call in calls}
        self.asked: list[Asked] = []
        self.effects: list[Effect] = []
        self.faults: deque[Fault] = deque()

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Let so many of the next requests fail."""
        self.faults.extend([fault] * times)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serve, and hand out the URL."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            server.close_clients()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await _read(reader)
            if asked.target.startswith("/_") or asked.target == "/":
                await self._look(writer, asked)
            else:
                await self._do(writer, asked)
        writer.close()

    async def _look(self, writer: asyncio.StreamWriter, asked: Asked) -> None:
        """Answer people: show what was done, or take in how to fail."""
        if asked.target == "/_faults" and asked.method == "POST":
            self.fail(Fault(asked.body["fault"]), asked.body.get("times", 1))
        shown = [(e.at, e.call.integration, e.call.name, e.values) for e in self.effects]
        content = page(shown, waiting=[fault.value for fault in self.faults])
        await answer(writer, 200, content, kind="text/html; charset=utf-8")

    async def _do(self, writer: asyncio.StreamWriter, asked: Asked) -> None:
        self.asked.append(asked)
        fault = self.faults.popleft() if self.faults else None
        if fault not in {None, Fault.LOSE}:
            await fail(writer, fault)
            return
        status, told = self._done(asked)
        if fault is None:
            await answer(writer, status, json.dumps(told).encode())
        else:
            await fail(writer, fault)

    def _done(self, asked: Asked) -> tuple[int, Mapping[str, Any]]:
        """Do what is asked, unless it was done; return how that is answered."""
        call = self._calls.get((asked.method, asked.target))
        if call is None:
            return 404, {"error": "no such call"}
        if call.proof is not None and not asked.headers.get(call.proof):
            return 401, {"error": "nothing proves who asks"}
        if call.keyed and not asked.key:
            return 400, {"error": "no Idempotency-Key"}
        if faults := list(call.faults(asked.body)):
            return 422, {"error": faults}
        before = next((e for e in self.effects if call.keyed and e.key == asked.key), None)
        if before is not None and before.values != asked.body:
            return 422, {"error": "another body under the same key"}
        if before is None:
            before = Effect(call=call, key=asked.key, values=asked.body, answer=call.answered())
            self.effects.append(before)
        return 200, before.answer


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(_HEAD_END)).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    content = await reader.readexactly(int(headers.get("content-length", 0)))
    body = json.loads(content) if content else {}
    return Asked(method=method, target=target, headers=headers, body=body)
