"""Connections: messages that are too long, too slow or no HTTP, on a real socket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
import uvicorn
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from app.api.problems import Problems
from app.middleware import connections
from app.middleware.access_log import AccessLogMiddleware
from app.middleware.connections import Connection
from app.middleware.limits import LimitsMiddleware
from app.middleware.request_context import RequestContextMiddleware
from tests.requirements import OPERATIONS

pytestmark = pytest.mark.requirement(*OPERATIONS)

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
LAST = GET + b"Connection: close\r\n\r\n"


class Lines:
    def __init__(self) -> None:
        self.fields: list[dict[str, Any]] = []

    def access(self, moment: datetime, fields: dict[str, Any]) -> None:
        self.fields.append(fields)


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what arrived, once all of it has."""
    more, size = True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
        size += len(message.get("body", b""))
    names = [name.decode() for name, _ in scope["headers"]]
    await JSONResponse({"headers": names, "size": size})(scope, receive, send)


class Server:
    """A listening socket, and what was logged of its requests."""

    def __init__(self, port: int, lines: Lines) -> None:
        self.port = port
        self.lines = lines

    async def exchange(self, *pieces: bytes) -> bytes:
        """Send the pieces; return all that comes back until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        reading = asyncio.create_task(reader.read())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.001 if len(pieces) > 100 else 0.01)
        except ConnectionError:
            pass
        try:
            return await asyncio.wait_for(reading, 3)
        finally:
            writer.close()


@pytest.fixture
async def served_by() -> AsyncIterator[Callable[[ASGIApp], Awaitable[int]]]:
    """Give a way to serve an application, which tells the port."""
    listening: list[asyncio.Server] = []

    async def serve(app: ASGIApp) -> int:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        listening.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    yield serve
    for server in listening:
        server.close()


@pytest.fixture
async def server(served_by: Callable[[ASGIApp], Awaitable[int]]) -> Server:
    lines = Lines()
    limited = LimitsMiddleware(told, render=Problems("https://x").response, hosts=["*"])
    app = RequestContextMiddleware(AccessLogMiddleware(limited, lines=lines))
    return Server(await served_by(app), lines)


def problem(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head, answer
    assert b"x-request-id: " in head
    assert b"connection: close" in head
    found: dict[str, Any] = json.loads(body)
    return found


@pytest.mark.parametrize(
    "message",
    [
        b"nonsense\r\n\r\n",
        b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
        GET + b"X Y: z\r\n\r\n",
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_what_is_no_request_gets_a_problem_and_a_line(server: Server, message: bytes) -> None:
    answer = await server.exchange(message + GET + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert problem(answer)["code"] == "bad-request"
    assert server.lines.fields[-1]["status"] == 400


async def test_what_is_one_gets_its_answer(server: Server) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    same = b"GET http://A/ HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = await server.exchange(chunked + same + LAST)
    assert answer.count(b"HTTP/1.1 200") == 3
    assert b'"size":2' in answer


async def test_a_hundred_at_once_get_answers_of_their_own(server: Server) -> None:
    sizes = range(1, 101)
    messages = [POST + b"Content-Length: %d\r\n\r\n" % size + b"x" * size for size in sizes]
    answer = await server.exchange(b"".join(messages) + LAST)
    told_sizes = re.findall(rb'"size":(\d+)', answer)
    assert told_sizes == [b"%d" % size for size in (*sizes, 0)]


@pytest.mark.parametrize(
    ("chunks", "statuses"),
    [
        (b"1;" + b"x" * 1_000_000 + b"\r\na\r\n0\r\n\r\n", {b"200", b"400"}),
        (b"f" * 17 + b"\r\n", {b"400"}),
        (b"-1\r\na\r\n0\r\n\r\n", {b"400"}),
        (b"2\r\nabc\r\n0\r\n\r\n", {b"400"}),
    ],
)
async def test_chunks_without_sense_or_end(
    server: Server, chunks: bytes, statuses: set[bytes]
) -> None:
    head = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = await server.exchange(head + chunks)
    assert answer.split()[1] in statuses, answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"size":1' in await server.exchange(head + b"1\r\na\r\n0\r\n\r\n")


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
@pytest.mark.parametrize("size", [1, 40, 10_000])
async def test_whoever_would_speak_otherwise_is_answered_in_http(
    server: Server, protocol: bytes, size: int
) -> None:
    asking = b"Upgrade: %s\r\nConnection: Upgrade\r\n" % protocol
    sized = POST + asking + b"Content-Length: 3\r\n\r\nabc"
    chunked = POST + asking + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    message = GET + asking + b"\r\n" + sized + chunked + sized + LAST
    pieces = [message[start : start + size] for start in range(0, len(message), size)]
    answer = await server.exchange(*pieces)
    assert re.findall(rb'"size":(\d+)', answer) == [b"0", b"3", b"2", b"3", b"0"], answer
    assert answer.count(b"HTTP/1.1 200") == answer.count(b"HTTP/1.1 ") == 5


async def test_a_refusal_waits_for_the_answers_before_it(server: Server) -> None:
    answer = await server.exchange(GET + b"\r\n" + GET + b"\r\n" + b"nonsense\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.rindex(b"HTTP/1.1 200") < answer.index(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("start", "status"),
    [(b"GET /", 414), (GET + b"X: ", 431)],
)
async def test_a_head_without_an_end(server: Server, start: bytes, status: int) -> None:
    answer = await server.exchange(start, *[b"x" * 8_000] * 12)
    assert problem(answer)["status"] == status


async def test_fields_without_an_end(server: Server) -> None:
    answer = await server.exchange(GET, *[b"X: y\r\n" * 30] * 8)
    assert problem(answer)["code"] == "headers-too-large"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", "uri-too-long"),
        (GET + b"X: y\r\n" * 150 + b"\r\n", "headers-too-large"),
    ],
)
async def test_one_message_gets_one_answer(server: Server, message: bytes, code: str) -> None:
    answer = await server.exchange(message, LAST)
    refused, _, served = answer.rpartition(b"HTTP/1.1 200")
    assert refused.count(b"HTTP/1.1 ") == 1
    assert f'"code":"{code}"'.encode() in refused
    assert b'"size":0' in served


async def test_a_long_body_does_not_count_as_a_head(server: Server) -> None:
    body = b"x" * 200_000
    message = POST + b"Content-Length: 200000\r\n\r\n" + body
    answer = await server.exchange(message + message[:40], message[40:] + LAST)
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.count(b'"size":200000') == 2


async def test_the_end_of_a_body_does_not_count_as_a_head(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_HEAD", 1_000)
    start, end = POST + b"Content-Length: 5000\r\n\r\n", b"x" * 5_000
    answer = await server.exchange(start, end, LAST)
    assert answer.count(b"HTTP/1.1 200") == answer.count(b"HTTP/1.1 ") == 2


@pytest.mark.parametrize("before", [b"", GET + b"\r\n"])
async def test_half_a_head(server: Server, monkeypatch: pytest.MonkeyPatch, before: bytes) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    answer = await server.exchange(before + GET + b"X: ")
    assert problem(answer[answer.index(b"HTTP/1.1 4") :])["code"] == "request-timeout"


async def test_nothing_at_all(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    assert await server.exchange(b"") == b""


async def test_a_slow_body_is_not_a_slow_head(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    pieces = [b"x"] * 20
    head = POST + b"Connection: close\r\nContent-Length: 20\r\n\r\n"
    assert b'"size":20' in await server.exchange(head, *pieces)


async def test_an_answer_that_nobody_reads(
    monkeypatch: pytest.MonkeyPatch, served_by: Callable[[ASGIApp], Awaitable[int]]
) -> None:
    monkeypatch.setattr(connections, "WRITE_SECONDS", 0.2)
    ended = asyncio.Event()

    async def long(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await PlainTextResponse("x" * 30_000_000)(scope, receive, send)
            await receive()
        finally:
            ended.set()

    reader, writer = await asyncio.open_connection("127.0.0.1", await served_by(long))
    writer.write(LAST)
    await asyncio.wait_for(ended.wait(), 3)
    writer.close()
    assert len(await reader.read()) < 30_000_000


async def test_trailers_are_no_headers(server: Server) -> None:
    head = POST + b"Connection: close\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = await server.exchange(head, b"0\r\nAuthorization: Bearer x\r\n\r\n")
    assert b'"x-one"' in answer
    assert b'"authorization"' not in answer
