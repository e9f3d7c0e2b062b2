"""Plain requests go past the framework, and are answered as they would be by it."""

import itertools
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import insert

from app.api.routing import Operation
from app.core import ids
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.db.engine import Database
from tests.conftest import HeldClock, scratch_database
from tests.gadgets import EVERYTHING, Doorman, build_app, create_schema, reopened, tenants

KNOWN = "00000000-0000-7000-8000-000000000001"
NAMES = st.sampled_from(["a", "b", "c", "d", "", "x" * 51, 7, None])
PATHS = st.sampled_from(
    [
        "/v1/gadgets",
        "/v1/gadgets/",
        "/v1/gadgets/%0a",
        "/v1/gadgets/not-an-id",
        f"/v1/gadgets/{KNOWN}",
        f"/v1/gadgets/{KNOWN.upper()}",
        f"/v1/gadgets/{{{KNOWN}}}",
        f"/v1/gadgets/{KNOWN}/",
        f"/v1/gadgets/{UUID(int=7)}",
        f"/v1/gadgets/{KNOWN.replace('-', '')}",
        "/v1/echo",
        "/livez",
        "/problems/not-found",
        "/problems/nonsense",
        "/nothing",
        "//",
    ]
)
QUERIES = st.sampled_from(
    [
        *("", "limit=2", "limit=0", "limit=2&sort=-name", "limit=1&limit=2", "sort=nonsense"),
        *("cursor=nonsense", "nonsense=1", "size=1&named=a&named=b", "dated=true", "q=%ff", "a"),
    ]
)
HEADERS = {
    "accept": [None, "application/json", "text/html", "*/*;q=0"],
    "content-type": [None, "application/json", "application/json; charset=utf-8", "text/plain"],
    "if-match": [None, "*", '"other"', "nonsense"],
    "if-none-match": [None, "*", '"other"'],
}
BODIES = st.one_of(
    st.fixed_dictionaries({"name": NAMES}, optional={"size": st.integers(-1, 3)}),
    st.fixed_dictionaries({"code": st.text(max_size=3), "count": st.integers(0, 3)}),
)
RAW = st.sampled_from([b"", b"{", b"[]", b'{"a":1,"a":2}', b"\xff", b"null"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str | None]
    body: Any
    known: bool

    def of(self, client: httpx.AsyncClient, token: str) -> httpx.Request:
        """Return it as `client` sends it."""
        headers = {name: value for name, value in self.headers.items() if value is not None}
        headers["x-request-id"] = "a-request-of-a-test"
        if self.known:
            headers["authorization"] = f"Bearer {token}"
        url = f"{self.path}?{self.query}" if self.query else self.path
        if isinstance(self.body, bytes):
            return client.build_request(self.method, url, headers=headers, content=self.body)
        return client.build_request(self.method, url, headers=headers, json=self.body)


REQUESTS = st.builds(
    Asked,
    method=st.sampled_from(["GET", "GET", "POST", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
    path=PATHS,
    query=st.one_of(st.just(""), QUERIES),
    headers=st.fixed_dictionaries(
        {name: st.sampled_from(values) for name, values in HEADERS.items()}
    ),
    body=st.one_of(BODIES, BODIES, RAW),
    known=st.sampled_from([True, True, True, False]),
)


class Counted:
    """Gives identifiers that are the same in each application."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self) -> int:
        return next(self._numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application with a database of its own."""

    app: FastAPI
    client: httpx.AsyncClient
    token: str
    identifiers: Counted

    async def ask(self, asked: Asked, patch: pytest.MonkeyPatch) -> tuple[object, ...]:
        """Return all of the answer that does not differ from call to call."""
        patch.setattr(ids, "_COUNTER", self.identifiers)
        answer = await self.client.send(asked.of(self.client, self.token))
        fields = [field for field in answer.headers.raw if field[0] != b"traceparent"]
        return answer.status_code, fields, answer.content


@pytest.fixture
async def served_twice(
    settings: Settings, clock: HeldClock, doorman: Doorman, tmp_path: Path
) -> AsyncIterator[list[Served]]:
    """Two applications that differ in one setting."""
    token = secrets.token_urlsafe(16)
    actor = doorman.admit(token, EVERYTHING)
    async with AsyncExitStack() as stack:
        served = []
        for direct in (True, False):
            folder = tmp_path / str(direct)
            folder.mkdir()
            database = await stack.enter_async_context(made(folder, clock))
            async with database.begin_global() as transaction:
                await transaction.execute(insert(tenants).values(id=actor.tenant_id))
            own = settings.model_copy(update={"direct_requests": direct})
            app = build_app(own, database, doorman, LogLines(NoLines()))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url="http://test")
            await stack.enter_async_context(client)
            served.append(Served(app=app, client=client, token=token, identifiers=Counted()))
        yield served


@asynccontextmanager
async def made(folder: Path, clock: HeldClock) -> AsyncIterator[Database]:
    """Give a database of its own, with the tables of gadgets."""
    async for url in scratch_database(folder):
        await create_schema(url)
        async for database in reopened(url, clock):
            yield database


@examples(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(REQUESTS, min_size=1, max_size=4))
async def test_the_answer_is_the_same_to_the_byte(
    served_twice: list[Served], monkeypatch: pytest.MonkeyPatch, requests: list[Asked]
) -> None:
    for asked in requests:
        direct, by_framework = [await each.ask(asked, monkeypatch) for each in served_twice]

        assert direct == by_framework


async def test_a_plain_request_does_not_come_to_the_framework(
    served_twice: list[Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError

    direct, by_framework = served_twice
    monkeypatch.setattr(Operation, "handle", fail)
    headers = {"authorization": f"Bearer {direct.token}"}

    for method, url, body, statuses in (
        ("GET", "/v1/gadgets?limit=3", None, (200, 500)),
        ("POST", "/v1/gadgets", {"name": "a"}, (201, 500)),
        ("GET", f"/v1/gadgets/{UUID(int=7)}", None, (404, 500)),
        ("HEAD", "/v1/gadgets", None, (500, 500)),
        ("GET", "/v1/gadgets/not-an-id", None, (500, 500)),
        ("PUT", "/v1/gadgets", None, (405, 405)),
    ):
        answers = [
            await each.client.request(method, url, json=body, headers=headers)
            for each in (direct, by_framework)
        ]
        assert tuple(each.status_code for each in answers) == statuses, (method, url)
