"""How many requests are served at once, and how connections end while the process stops."""

import asyncio
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.problems import Problems
from app.middleware.admission import AdmissionMiddleware
from tests.requirements import OPERATIONS

pytestmark = pytest.mark.requirement(*OPERATIONS)


class Gate:
    """An application whose answers wait until it is opened."""

    def __init__(self) -> None:
        self.entered = asyncio.Semaphore(0)
        self.open = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/livez":
            self.entered.release()
            await self.open.wait()
        await PlainTextResponse("fine")(scope, receive, send)


def admitting(app: ASGIApp, *, draining: bool = False) -> httpx.AsyncClient:
    render = Problems("https://x").response
    admission = AdmissionMiddleware(app, render=render, limit=2, is_draining=lambda: draining)
    return httpx.AsyncClient(transport=httpx.ASGITransport(admission), base_url="http://test")


def in_flight() -> float | None:
    return REGISTRY.get_sample_value("http_requests_in_flight")


async def test_one_too_many_is_refused_at_once() -> None:
    gate = Gate()
    async with admitting(gate) as client:
        served = [asyncio.create_task(client.get("/")) for _ in range(2)]
        for _ in served:
            await gate.entered.acquire()
        assert in_flight() == 2

        refused = await client.get("/")
        watched = await client.get("/livez")
        gate.open.set()

        assert (refused.status_code, refused.json()["code"]) == (503, "service-unavailable")
        assert int(refused.headers["retry-after"]) >= 1
        assert watched.status_code == 200
        assert [answer.status_code for answer in await asyncio.gather(*served)] == [200, 200]
        assert (await client.get("/")).status_code == 200
        assert in_flight() == 0


async def test_what_fails_makes_room_again() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    async with admitting(broken) as client:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await client.get("/")


@pytest.mark.parametrize("draining", [False, True])
async def test_connections_end_while_the_process_stops(*, draining: bool) -> None:
    gate = Gate()
    async with admitting(gate, draining=draining) as client:
        answer = await client.get("/livez")
    assert ("connection" in answer.headers) == draining


async def test_what_is_no_request_passes_through() -> None:
    seen: list[str] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    app = AdmissionMiddleware(
        look, render=Problems("https://x").response, limit=1, is_draining=lambda: True
    )

    async def nothing(*_: Any) -> Any:
        return None

    await app({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]
