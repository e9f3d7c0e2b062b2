"""What a service answers that has too few connections, or waits for too long."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import update

from app.api import operations
from app.authorization.permissions import FOUNDER
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.main import create_app
from app.models.user import users
from tests.requirements import OPERATIONS
from tests.roles import COLLEAGUE
from tests.world import World, refused

pytestmark = [pytest.mark.requirement(*OPERATIONS), pytest.mark.waits(1)]

WAIT: Final = 0.5
SLACK: Final = 1.5
ME: Final = "/v1/me"


@asynccontextmanager
async def serving(
    settings: Settings, **limits: Any
) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """Give an application with other limits, and a client of it."""
    app = create_app(settings.model_copy(update=limits), LogLines(NoLines()))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), client:
        yield app, client


async def test_too_few_connections(world: World, served_settings: Settings) -> None:
    few = {
        "database_pool_size": 1,
        "database_max_overflow": 0,
        "database_pool_timeout": WAIT,
    }
    async with serving(served_settings, **few) as (app, client):
        me = replace(world.home.somebody, client=client)
        database = app.state.runtime.database
        async with database.begin(me.tenant_id):
            assert database.pool_use().in_use == 1
            started = time.perf_counter()
            response = await me.get(ME)
            # It asks once more, since a connection may have been lost.
            assert time.perf_counter() - started < 2 * WAIT + SLACK
            alive = await client.get("/livez")

        assert refused(response) == (503, "service-unavailable")
        assert int(response.headers["retry-after"]) >= 1
        assert alive.status_code == 200
        assert (await me.get(ME)).status_code == 200
        # What looks after a request may have a connection for a moment longer than its client.
        for _ in range(100):
            if database.pool_use().in_use:
                await asyncio.sleep(SLACK / 100)
        assert database.pool_use() == (0, 1, 0)


async def test_a_lock_that_is_not_let_go(world: World, served_settings: Settings) -> None:
    colleague = await world.join(COLLEAGUE)
    path = f"/v1/users/{colleague.id}"
    hold = update(users).where(users.c.id == colleague.id).values(name="Held")
    async with serving(served_settings, database_lock_timeout=WAIT) as (app, client):
        me = replace(world.home[FOUNDER], client=client)
        tag = (await me.get(path)).headers["etag"]
        async with app.state.runtime.database.begin(me.tenant_id) as transaction:
            await transaction.execute(hold)
            started = time.perf_counter()
            response = await me.request("PATCH", path, {"disabled": True}, if_match=tag)
            assert time.perf_counter() - started < 2 * WAIT + SLACK

        assert refused(response) in {(503, "service-unavailable"), (409, "concurrent-update")}
        again = await me.request("PATCH", path, {"disabled": True}, if_match=tag)
        assert again.status_code == 200


async def test_a_database_that_says_nothing(
    served_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "PROBE_SECONDS", WAIT)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+asyncpg://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        async with serving(served_settings, database_url=SecretStr(url)) as (_, client):
            for path in ("/readyz", "/health"):
                started = time.perf_counter()
                assert refused(await client.get(path)) == (503, "service-unavailable")
                assert time.perf_counter() - started < WAIT + SLACK
            assert (await client.get("/livez")).status_code == 200
