"""The service with its accounts, over one database for the run; tests share no tenant."""

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from anyio import to_thread
from loguru import logger
from pydantic import SecretStr

from app.accounts import Accounts
from app.api.deps import Runtime
from app.core.logging import LogLines
from app.core.settings import Settings
from app.db.engine import Database
from app.db.migration import migrate
from app.main import create_app
from tests.accounts.people import Service
from tests.conftest import HeldClock, scratch_database


class KeptLines:
    """Keeps the lines that are written."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, line: bytes) -> None:
        self.lines.append(line)


@pytest.fixture(scope="session")
async def accounts_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async for url in scratch_database(tmp_path_factory.mktemp("accounts")):
        await to_thread.run_sync(migrate, url)
        yield url


@pytest.fixture
def kept() -> KeptLines:
    return KeptLines()


@pytest.fixture
def settings(settings: Settings, accounts_url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(accounts_url)})


@pytest.fixture
async def service(settings: Settings, clock: HeldClock, kept: KeptLines) -> AsyncIterator[Service]:
    lines = LogLines(kept)
    handler = logger.add(lines.sink, level="INFO", format="{message}")
    app = create_app(settings, lines, clock=clock)
    runtime: Runtime = app.state.runtime
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Service(
            client=client,
            database=runtime.database,
            accounts=Accounts.of(settings, runtime.database, clock),
            lines=kept.lines,
        )
    logger.remove(handler)
    await runtime.database.close()


@pytest.fixture
def database(service: Service) -> Database:
    return service.database


@pytest.fixture
def password() -> str:
    return secrets.token_urlsafe(16)
