"""Middleware on its own: what an application behind it can do to the answer."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.problems import Problems
from app.core.context import current_context
from app.core.errors import ContentTooLargeError
from app.middleware.access_log import AccessLogMiddleware
from app.middleware.failures import FailureMiddleware
from app.middleware.limits import LimitsMiddleware
from app.middleware.request_context import RequestContextMiddleware
from tests.requirements import OPERATIONS

pytestmark = pytest.mark.requirement(*OPERATIONS)

PROBLEMS = Problems("https://x")


class Lines:
    def __init__(self) -> None:
        self.fields: list[dict[str, Any]] = []

    def access(self, moment: datetime, fields: dict[str, Any]) -> None:
        self.fields.append(fields)


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("fine")(scope, receive, send)


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError


async def half(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ha", "more_body": True})
    raise RuntimeError


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    raise ContentTooLargeError


async def ask(app: ASGIApp, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get("/", headers=headers)


async def test_a_failure_becomes_an_answer() -> None:
    assert (await ask(FailureMiddleware(fine, render=PROBLEMS.response))).text == "fine"
    for app, status in ((broken, 500), (refusing, 413)):
        answer = await ask(FailureMiddleware(app, render=PROBLEMS.response))
        assert answer.status_code == status


async def test_a_request_cut_off_is_told_so() -> None:
    started, sent = asyncio.Event(), []

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        started.set()
        await asyncio.Event().wait()

    async def keep(message: Any) -> None:
        sent.append(message)

    app = FailureMiddleware(endless, render=PROBLEMS.response)
    task = asyncio.create_task(app({"type": "http"}, _nothing, keep))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent[0]["status"] == 503
    assert dict(sent[0]["headers"])[b"retry-after"]


async def test_half_an_answer_breaks_off() -> None:
    with pytest.raises(Exception, match="wrong on our side"):
        await ask(FailureMiddleware(half, render=PROBLEMS.response))


async def test_only_known_hosts_are_served() -> None:
    app = LimitsMiddleware(fine, render=PROBLEMS.response, hosts=("api.example.com",))
    for host, status in (
        ("api.example.com", 200),
        ("API.example.com:8443", 200),
        ("evil.example.com", 400),
        ("api.example.com.evil.com", 400),
        ("api.example.com@evil.com", 400),
    ):
        assert (await ask(app, host=host)).status_code == status


async def test_each_request_has_a_context_of_its_own() -> None:
    seen: list[str] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        context = current_context()
        assert context is not None
        seen.append(context.correlation_id)
        headers = {"cache-control": "private", "x-content-type-options": "off"}
        await Response(headers=headers)(scope, receive, send)

    app = RequestContextMiddleware(look)
    for _ in range(2):
        answer = await ask(app)
        assert answer.headers["x-request-id"] == seen[-1]
        assert answer.headers["cache-control"] == "private"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(set(seen)) == 2
    assert current_context() is None


async def test_a_request_is_noted_however_it_ends() -> None:
    lines = Lines()
    await ask(AccessLogMiddleware(fine, lines=lines))
    with pytest.raises(RuntimeError):
        await ask(AccessLogMiddleware(broken, lines=lines))
    assert [each["status"] for each in lines.fields] == [200, 0]
    assert all(each["duration_ms"] >= 0 for each in lines.fields)


async def test_what_is_no_request_passes_through() -> None:
    seen: list[str] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    for app in (
        RequestContextMiddleware(look),
        AccessLogMiddleware(look, lines=Lines()),
        LimitsMiddleware(look, render=PROBLEMS.response, hosts=("*",)),
        FailureMiddleware(look, render=PROBLEMS.response),
    ):
        await app({"type": "lifespan"}, _nothing, _nobody)
    assert seen == ["lifespan"] * 4


async def _nothing() -> dict[str, Any]:
    return {}


async def _nobody(message: Any) -> None:
    pass
