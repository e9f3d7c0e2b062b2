"""Stubs of other services, and whoever asks them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from app.integrations.connection import Connection
from app.integrations.policies import Breaking, Policy, Retry
from tests.integrations.asking import CALL, CONTRACT, TOKEN
from tests.jobs.conftest import database, job_settings, jobs_url, tenant
from tests.stubs.server import Stub

__all__ = ["database", "job_settings", "jobs_url", "tenant"]

QUICK = Policy(
    timeout=timedelta(seconds=10),
    retry=Retry(attempts=3, base=timedelta(seconds=0.02), cap=timedelta(seconds=0.05), budget=1.0),
    breaker=Breaking(failures=100, within=timedelta(seconds=30), open=timedelta(seconds=60)),
    concurrency=10,
    waits=True,
)
"""A policy that keeps no test waiting whose stub answers."""
SOON: Final = timedelta(seconds=0.4)
"""How long to wait for a stub that does not."""

type Connecting = Callable[..., Connection]


@pytest.fixture
def stub() -> Stub:
    return Stub([CONTRACT, replace(CONTRACT, name=CALL.name, path="/unkeyed", keyed=False)])


@pytest.fixture
async def url(stub: Stub) -> AsyncIterator[str]:
    async with stub.serving() as served:
        yield f"{served}/{CONTRACT.integration}"


@pytest.fixture
async def connecting(url: str) -> AsyncIterator[Connecting]:
    """Makes connections to the stub, and closes them."""
    made: list[Connection] = []

    def connected(*, at: str | None = url, **changes: Any) -> Connection:
        policy = replace(QUICK, **changes)
        headers = {"authorization": f"Bearer {TOKEN}"}
        made.append(Connection("other", policy, url=at, headers=headers, chance=lambda: 1.0))
        return made[-1]

    yield connected
    for each in made:
        await each.close()
