"""Fixtures of every test: settings with fresh secrets, and a database of its own.

SQLite by default. With TEST_DATABASE_URL set to a PostgreSQL server, each worker makes
a scratch database there and drops it at the end.
"""

import gc
import logging
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from loguru import logger
from pydantic import SecretStr
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.settings import Settings
from tests.installation import variables

pytest_plugins = ["tests.fixtures"]

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

# The client of the tests tells of each request that it sends, which is no line of the service.
logging.getLogger("httpx").setLevel(logging.WARNING)
# A test that fails shows these; to draw the values of variables into each takes longer than most.
logger.configure(
    handlers=[
        {
            "sink": sys.stderr,
            "format": "{level} {message} {extra}",
            "backtrace": False,
            "diagnose": False,
        }
    ]
)

_SELDOM = 100_000

SERVER = os.environ.get("TEST_DATABASE_URL")


def pytest_addoption() -> None:
    """Look for no garbage in what is imported from now on: it stays, and that takes seconds."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest, so that all else is done in the meantime."""
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> float:
    marker = item.get_closest_marker("waits")
    return float(marker.args[0]) if marker else 0.0


def pytest_collection_finish() -> None:
    """Let what is imported by now be, and look seldom through the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)
    gc.enable()


class HeldClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.instant = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move(self, **amount: float) -> None:
        self.instant += timedelta(**amount)


@pytest.fixture(scope="session", autouse=True)
def _installed() -> Iterator[None]:
    """Let the environment hold what every installation has to set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables().items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def held_clock() -> HeldClock:
    """The clock of what all tests of a worker share."""
    return HeldClock()


@pytest.fixture
def clock(held_clock: HeldClock) -> HeldClock:
    """The clock, where it stands at the beginning of each test."""
    held_clock.reset()
    return held_clock


@pytest.fixture(scope="session")
def on_postgresql() -> bool:
    return SERVER is not None


@pytest.fixture
async def empty_database_url(tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without any table, for one test."""
    async for url in scratch_database(tmp_path):
        yield url


async def scratch_database(
    folder: Path, *, durable: bool = False, like: str = ""
) -> AsyncIterator[str]:
    """Make a database, hand out its URL, and remove it.

    Args:
        folder: Where a file of SQLite stands.
        durable: Whether PostgreSQL waits for the disk with each change, as it does by default.
        like: The URL of one of which it is a copy, and to which nobody is connected.
    """
    copied = make_url(like).database if like else None
    if SERVER is None:
        file = folder / "scratch.sqlite3"
        if copied:
            shutil.copyfile(copied, file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server = make_url(SERVER)
    name = f"scratch_{secrets.token_hex(8)}"
    await _on_server(server, f"CREATE DATABASE {name} TEMPLATE {copied or 'template1'}")
    if not durable:
        # Nothing here has to survive a power cut.
        await _on_server(server, f"ALTER DATABASE {name} SET synchronous_commit = off")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        await _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings as a development installation has them, with a secret of their own."""
    monkeypatch.chdir(tmp_path)
    secret, url = secrets.token_urlsafe(48), f"sqlite+aiosqlite:///{tmp_path / 'app.sqlite3'}"
    monkeypatch.setenv("SECRET_KEY", secret)
    monkeypatch.setenv("DATABASE_URL", url)
    return settings_with(secret, url)


def settings_with(secret: str, url: str, **others: Any) -> Settings:
    """Return the settings of the tests with a secret and a database."""
    own = {"secret_key": SecretStr(secret), "database_url": SecretStr(url)}
    return _installed_settings().model_copy(update=own | others)


@cache
def _installed_settings() -> Settings:
    """Read what the environment sets, which takes longer than most tests."""
    secret = SecretStr(secrets.token_urlsafe(48))
    return Settings(
        _env_file=None, secret_key=secret, database_url=SecretStr("sqlite+aiosqlite://")
    )


async def _on_server(server: URL, statement: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
