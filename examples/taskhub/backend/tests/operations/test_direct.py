"""Operations answer alike, whether or not requests go past the framework."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.settings import Settings
from tests.calls import SERVED
from tests.cases import Call, Operation, each
from tests.fixtures import connected_client, served_application
from tests.world import Person, World

type Request = dict[str, Any]

DIFFERS = {b"traceparent", b"ratelimit"}
"""Headers that no two answers have alike."""


@pytest.fixture(scope="module")
async def by_framework(served: FastAPI, served_settings: Settings) -> AsyncIterator[FastAPI]:
    """An application that differs from the served one in this setting alone."""
    settings = served_settings.model_copy(update={"direct_requests": False})
    async for application in served_application(settings):
        yield application


@pytest.fixture(scope="module")
async def other_client(by_framework: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async for connected in connected_client(by_framework):
        yield connected


def sent(me: Person, call: Call, **headers: str) -> Request:
    """Return the request that `me` sends for `call`."""
    known = {"authorization": f"Bearer {me.token}", "x-request-id": "a-request-of-a-test"}
    request = {"method": call.method, "url": call.url, "headers": {**known, **headers}}
    if call.if_match is not None:
        request["headers"] = {"if-match": call.if_match, **request["headers"]}
    if call.body is None:
        return request
    content, media_type = call.payload
    request["headers"] = {"content-type": media_type, **request["headers"]}
    return {**request, "content": content}


def refused(world: World, operation: Operation, call: Call) -> Iterator[Request]:
    """Yield requests that must not change anything."""
    me = world.home[operation.caller]
    plain = sent(me, call)
    yield sent(me, call, authorization="")
    yield sent(me, call, authorization="Bearer nobody")
    yield sent(me, call, accept="text/html;q=0, application/json;q=0")
    yield {**plain, "params": {"nonsense": "1"}}
    yield from (sent(each, call) for each in world.home if each.role not in operation.roles)
    if operation.about_objects:
        yield sent(me, call.about_nothing())
        yield {
            **plain,
            "url": "/".join("not-an-id" if "-" in part else part for part in call.url.split("/")),
        }
    if operation.conditional:
        yield sent(me, call.given('"other"'))
        yield sent(me, call.given("malformed"))
    if call.body is not None and call.payload[1] == "application/json":
        yield {**plain, "content": b"["}
        yield sent(me, call.sending(nonsense=1))
        yield sent(me, call, **{"content-type": "text/html"})


def told(answer: httpx.Response) -> tuple[object, ...]:
    """Return what is the same each time."""
    headers = [field for field in answer.headers.raw if field[0] not in DIFFERS]
    return answer.status_code, headers, answer.content


@each(SERVED)
async def test_refusals_are_alike(
    world: World, other_client: httpx.AsyncClient, operation: Operation
) -> None:
    call = await operation.arrange(world.home[operation.caller])

    for request in refused(world, operation, call):
        direct = await world.client.request(**request)
        assert direct.status_code >= 400 or not operation.changes, request
        assert told(direct) == told(await other_client.request(**request)), request


@each(operation for operation in SERVED if not operation.changes)
async def test_answers_are_alike(
    world: World, other_client: httpx.AsyncClient, operation: Operation
) -> None:
    me = world.home[operation.caller]
    request = sent(me, await operation.arrange(me))

    for method in ("GET", "HEAD", "OPTIONS", "PROPFIND"):
        asked = {**request, "method": method}
        answers = [await each.request(**asked) for each in (world.client, other_client)]
        assert told(answers[0]) == told(answers[1])
        assert (answers[0].status_code == operation.success) == (method in {"GET", "HEAD"})
