"""The service with its accounts, over one database for the run; tests share no tenant."""

import secrets
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from loguru import logger

from app.accounts import Accounts
from app.core.logging import LogLines
from app.core.settings import Settings
from app.db.engine import Database
from app.main import create_app
from app.security import passwords
from tests.accounts.people import Service
from tests.conftest import HeldClock
from tests.fixtures import settings_for


class KeptLines:
    """Keeps the lines that are written in `lines`."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines

    def write(self, line: bytes) -> None:
        self.lines.append(line)


@pytest.fixture(scope="session")
def accounts_url(served_url: str) -> str:
    """The URL of the database, which other tests use too."""
    return served_url


@pytest.fixture(scope="session")
def accounts_settings(accounts_url: str) -> Settings:
    return settings_for(accounts_url)


@pytest.fixture(scope="session")
async def shared_service(
    accounts_settings: Settings, held_clock: HeldClock
) -> AsyncIterator[Service]:
    """The service that all tests of a worker share; its passwords are quick to hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_MEMORY_KIB", 64)
        patch.setattr(passwords, "_PASSES", 1)
        service = assembled(accounts_settings, held_clock)
    yield service
    await close(service)


@pytest.fixture(scope="module")
def recorded_service(shared_service: Service) -> Iterator[Service]:
    """The service, whose lines are kept: to begin with that takes longer than a test."""
    yield from recorded(shared_service)


@pytest.fixture
def service(recorded_service: Service, clock: HeldClock) -> Service:
    """The service, as if nobody had used it yet."""
    recorded_service.lines.clear()
    return recorded_service


@pytest.fixture
async def guarded_service(accounts_settings: Settings, clock: HeldClock) -> AsyncIterator[Service]:
    """A service of this test alone, whose passwords take as long to hash as in production."""
    service = assembled(accounts_settings, clock)
    for each in recorded(service):
        yield each
    await close(service)


def assembled(settings: Settings, clock: HeldClock) -> Service:
    """Return the service of `settings`, which keeps the lines that it logs."""
    lines: list[bytes] = []
    app = create_app(settings, LogLines(KeptLines(lines)), clock=clock)
    database = app.state.runtime.database
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return Service(
        client=httpx.AsyncClient(transport=transport, base_url="http://test"),
        database=database,
        accounts=Accounts.of(settings, database, clock),
        lines=lines,
    )


def recorded(service: Service) -> Iterator[Service]:
    """Yield `service`, which keeps what is logged from now on and nothing from before."""
    service.lines.clear()
    handler = logger.add(LogLines(KeptLines(service.lines)).sink, level="INFO", format="{message}")
    yield service
    logger.remove(handler)


async def close(service: Service) -> None:
    """Close the connections of `service`."""
    await service.client.aclose()
    await service.database.close()


@pytest.fixture
def database(service: Service) -> Database:
    return service.database


@pytest.fixture
def password() -> str:
    return secrets.token_urlsafe(16)
