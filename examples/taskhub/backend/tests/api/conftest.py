"""The gadget service behind HTTP."""

import secrets
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from app.authorization.actor import Actor
from app.core.logging import LogLines
from app.core.settings import Settings
from app.db.engine import Database
from tests.conftest import HeldClock
from tests.gadgets import EVERYTHING, Doorman, build_app, reopened, tenants


class KeptLines:
    """Keeps the lines that are written."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, line: bytes) -> None:
        self.lines.append(line)


@pytest.fixture
async def database(gadgets_url: str, clock: HeldClock) -> AsyncIterator[Database]:
    async for database in reopened(gadgets_url, clock):
        yield database


@pytest.fixture
def doorman() -> Doorman:
    return Doorman()


@pytest.fixture
def kept() -> KeptLines:
    return KeptLines()


@pytest.fixture
def app(settings: Settings, database: Database, doorman: Doorman, kept: KeptLines) -> FastAPI:
    return build_app(settings, database, doorman, LogLines(kept), max_body_size=200_000)


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _client(app):
        yield client


@pytest.fixture
async def sign_in(
    app: FastAPI, database: Database, doorman: Doorman
) -> AsyncIterator[Callable[..., object]]:
    clients: list[httpx.AsyncClient] = []

    async def make(
        holds: frozenset[str] = EVERYTHING, colleague: Actor | None = None
    ) -> tuple[httpx.AsyncClient, Actor]:
        token = secrets.token_urlsafe(16)
        actor = doorman.admit(token, holds, colleague.tenant_id if colleague else None)
        if colleague is None:
            async with database.begin_global() as transaction:
                await transaction.execute(insert(tenants).values(id=actor.tenant_id))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"authorization": f"Bearer {token}"},
        )
        clients.append(client)
        return client, actor

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def member(sign_in: Callable[..., object]) -> httpx.AsyncClient:
    client, _ = await sign_in()
    return client


async def _client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
