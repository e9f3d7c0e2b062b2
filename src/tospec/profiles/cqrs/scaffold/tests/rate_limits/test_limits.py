"""Nobody asks without end: neither a person nor an address from which people sign in."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.api.rate_limits import COUNTED_ALONE
from app.authorization.permissions import Role
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.main import create_app
from tests.calls import OPERATIONS
from tests.cases import Operation, each_with_role
from tests.requirements import RATE_LIMITS
from tests.world import Person, World, number, refused

pytestmark = pytest.mark.requirement(*RATE_LIMITS)

REDIS_URL: Final = os.environ.get("TEST_REDIS_URL")
ME: Final = "/v1/me"
SIGN_IN: Final = "/v1/auth/sign-in"
NOBODY_THERE: Final = "redis://127.0.0.1:1"


REFUSED = [
    (operation, role) for operation in OPERATIONS for role in Role if role not in operation.roles
]


def address() -> str:
    """Return an address that no other test asks from."""
    return f"10.{number() // 250 % 250}.{number() % 250}.1"


@asynccontextmanager
async def serving(
    settings: Settings, host: str = "", **limits: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an application with other limits, who asks from `host`."""
    # No worker beside it, unless a test asks for one: to begin takes it longer than most requests.
    changes = {"embedded_worker": False, **limits}
    app = create_app(settings.model_copy(update=changes), LogLines(NoLines()))
    transport = httpx.ASGITransport(app, client=(host or address(), 1))
    client = httpx.AsyncClient(transport=transport, base_url="http://test")
    async with app.router.lifespan_context(app), client:
        yield client


def at(client: httpx.AsyncClient, person: Person) -> Person:
    """Return `person` as a client of another application."""
    return replace(person, client=client)


async def asked(person: Person, times: int) -> list[int]:
    """Return the statuses of requests that are made at once."""
    answers = await asyncio.gather(*(person.get(ME) for _ in range(times)))
    return sorted(answer.status_code for answer in answers)


async def test_what_is_left_is_told(world: World, served_settings: Settings) -> None:
    async with serving(served_settings, rate_limit_requests=5) as client:
        me = at(client, world.home.somebody)
        answers = [await me.get(ME) for _ in range(2)]

    assert {each.headers["ratelimit-policy"] for each in answers} == {'"default";q=5;w=60'}
    assert [each.headers["ratelimit"][:13] for each in answers] == [
        '"default";r=4',
        '"default";r=3',
    ]


async def test_who_asks_too_often_is_refused_and_nobody_else(
    world: World, served_settings: Settings
) -> None:
    async with serving(served_settings, rate_limit_requests=2) as client:
        me = at(client, world.home.somebody)
        colleague, stranger = await world.join(me.role), world.other.somebody
        assert await asked(me, 2) == [200, 200]

        response = await me.get(ME)

        assert refused(response) == (429, "quota-exceeded")
        assert 1 <= int(response.headers["retry-after"]) <= 60
        assert response.headers["ratelimit"].startswith('"default";r=0;t=')
        for other in (colleague, stranger):
            assert await asked(at(client, other), 2) == [200, 200]


async def test_no_more_than_the_limit_pass_at_once(world: World, served_settings: Settings) -> None:
    async with serving(served_settings, rate_limit_requests=3) as client:
        statuses = await asked(at(client, world.home.somebody), 10)

    assert statuses == [200] * 3 + [429] * 7


async def test_who_waits_as_told_may_ask_again(world: World, served_settings: Settings) -> None:
    limits: dict[str, Any] = {"rate_limit_requests": 1, "rate_limit_within": timedelta(seconds=1)}
    async with serving(served_settings, **limits) as client:
        me = at(client, world.home.somebody)
        assert (await me.get(ME)).status_code == 200
        response = await me.get(ME)
        while response.status_code == 429:
            await asyncio.sleep(int(response.headers["retry-after"]))
            response = await me.get(ME)

    assert response.status_code == 200


@each_with_role(REFUSED[:1])
async def test_who_may_not_ask_is_counted_and_hears_of_that_first(
    world: World, served_settings: Settings, operation: Operation, role: Role
) -> None:
    call = await operation.arrange(world.home[role])
    async with serving(served_settings, rate_limit_requests=2) as client:
        me = at(client, world.home[role])
        denied = [await me.send(call) for _ in range(3)]
        others = await asked(me, 1)

    assert [refused(each) for each in denied] == [(403, "permission-denied")] * 3
    assert [each.headers["ratelimit"][:13] for each in denied] == [
        '"default";r=1',
        '"default";r=0',
        '"default";r=0',
    ]
    assert others == [429]


async def test_who_is_not_known_uses_nothing_up(world: World, served_settings: Settings) -> None:
    async with serving(served_settings, rate_limit_requests=1) as client:
        for _ in range(3):
            answer = await client.get(ME, headers={"authorization": "Bearer nobody"})
            assert refused(answer) == (401, "unauthenticated")
            assert "ratelimit" not in answer.headers
        assert await asked(at(client, world.home.somebody), 1) == [200]


async def test_an_address_may_not_try_passwords_without_end(served_settings: Settings) -> None:
    async with serving(served_settings, sign_in_limit_requests=2) as client:
        tried = [await client.post(SIGN_IN, json={}) for _ in range(2)]
        spoofed = {"x-forwarded-for": "203.0.113.7", "forwarded": "for=203.0.113.7"}
        third = await client.post(SIGN_IN, content=b"?", headers=spoofed)

        assert [each.status_code for each in tried] == [422, 422]
        assert tried[0].headers["ratelimit-policy"] == '"sign-in";q=2;w=60'
        assert refused(third) == (429, "quota-exceeded")
        assert int(third.headers["retry-after"]) >= 1
        assert refused(await client.post("/v1/auth/sign-up", json={})) == (429, "quota-exceeded")
        assert (await client.get("/livez")).status_code == 200


@pytest.mark.parametrize(
    ("trusted", "statuses"),
    [("", [422, 429]), ("192.0.2.1", [422, 429]), ("192.0.2.1, 10.0.0.0/8", [422, 422])],
)
async def test_only_a_trusted_proxy_names_the_address(
    served_settings: Settings, trusted: str, statuses: list[int]
) -> None:
    limits: dict[str, Any] = {"sign_in_limit_requests": 1, "trusted_proxies": trusted}
    async with serving(served_settings, **limits) as client:
        answers = [
            await client.post(SIGN_IN, json={}, headers={"x-forwarded-for": address()})
            for _ in range(2)
        ]

    assert [each.status_code for each in answers] == statuses


@pytest.mark.parametrize(
    ("other", "status"), [("2001:db8::2", 429), ("2001:db8:0:1::1", 422), ("unknown", 422)]
)
async def test_a_network_of_ipv6_is_one_address(
    served_settings: Settings, other: str, status: int
) -> None:
    limits: dict[str, Any] = {"sign_in_limit_requests": 1, "trusted_proxies": "10.0.0.0/8"}
    async with serving(served_settings, **limits) as client:
        answers = [
            await client.post(SIGN_IN, json={}, headers={"x-forwarded-for": host})
            for host in ("2001:db8::1", other)
        ]

    assert [each.status_code for each in answers] == [422, status]


async def test_without_redis_each_process_counts_alone(
    world: World, served_settings: Settings
) -> None:
    limits: dict[str, Any] = {
        "rate_limit_requests": 1,
        "sign_in_limit_requests": 1,
        "redis_url": SecretStr(NOBODY_THERE),
    }
    before = COUNTED_ALONE._value.get()
    async with serving(served_settings, **limits) as client:
        assert await asked(at(client, world.home.somebody), 1) == [200]
        tried = [await client.post(SIGN_IN, json={}) for _ in range(2)]

    assert [each.status_code for each in tried] == [422, 429]
    assert COUNTED_ALONE._value.get() == before + 3


@pytest.mark.skipif(REDIS_URL is None, reason="TEST_REDIS_URL names no Redis")
async def test_with_redis_all_processes_count_together(
    world: World, served_settings: Settings
) -> None:
    limits: dict[str, Any] = {"rate_limit_requests": 4, "redis_url": SecretStr(REDIS_URL or "")}
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(serving(served_settings, **limits)) for _ in range(2)
        ]
        people = [at(client, world.home.somebody) for client in clients]
        both = await asyncio.gather(*(asked(person, 4) for person in people))

    assert sorted(both[0] + both[1]) == [200] * 4 + [429] * 4


def test_a_second_application_tells_of_the_same_answers(
    served: FastAPI, served_settings: Settings
) -> None:
    second = create_app(served_settings, LogLines(NoLines()))
    documents = [application.openapi()["paths"] for application in (served, second)]

    assert documents[0] == documents[1]
    assert list(_examples(documents[0][ME]["get"])) == ["quota-exceeded"]
    assert list(_examples(documents[0][SIGN_IN]["post"])) == ["quota-exceeded", "too-many-attempts"]
    assert "429" not in documents[0]["/livez"]["get"]["responses"]


def _examples(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation["responses"]["429"]["content"]["application/problem+json"]
    examples: dict[str, Any] = found["examples"]
    return examples


async def test_health_tells_that_redis_is_away(served_settings: Settings) -> None:
    limits: dict[str, Any] = {"redis_url": SecretStr(NOBODY_THERE), "embedded_worker": None}
    async with serving(served_settings, **limits) as client:
        report = await client.get("/health")

    assert (report.status_code, report.json()["status"]) == (200, "degraded")
    assert report.json()["dependencies"]["redis"] == {"status": "down"}


@pytest.mark.skipif(REDIS_URL is None, reason="there is no Redis")
async def test_health_tells_that_redis_is_there(served_settings: Settings) -> None:
    limits: dict[str, Any] = {"redis_url": SecretStr(str(REDIS_URL)), "embedded_worker": None}
    async with serving(served_settings, **limits) as client:
        report = (await client.get("/health")).json()

    assert (report["status"], report["dependencies"]["redis"]["status"]) == ("up", "up")
    assert report["dependencies"]["redis"]["latency_ms"] >= 0
