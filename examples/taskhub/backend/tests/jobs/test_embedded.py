"""The process that serves runs jobs itself, unless it is told not to."""

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.settings import Settings
from tests.fixtures import settings_for
from tests.jobs.deeds import until
from tests.requirements import JOBS
from tests.served import Service, start, stop, wait

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(3)]

POSTGRESQL = "postgresql+asyncpg://api@localhost/app"


def worker_of(service: Service) -> str:
    """Return what the health of a service tells of workers."""
    status: str = service.get("/health").json()["dependencies"]["worker"]["status"]
    return status


async def test_a_service_on_sqlite_needs_no_other_process(tmp_path: Path) -> None:
    service = start(tmp_path)
    wait(service)

    async def works() -> bool:
        return worker_of(service) == "up"

    await until(works)
    assert service.get("/health").json()["status"] == "up"
    started = time.monotonic()
    assert stop(service) == 0
    assert time.monotonic() - started < 10


def test_without_a_worker_its_health_is_degraded(tmp_path: Path) -> None:
    service = start(tmp_path, EMBEDDED_WORKER="false")
    wait(service)

    health = service.get("/health")

    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert worker_of(service) == "down"
    assert stop(service) == 0


@pytest.mark.parametrize(
    ("url", "chosen", "embeds"),
    [
        ("sqlite+aiosqlite:///file", None, True),
        ("sqlite+aiosqlite:///file", False, False),
        (POSTGRESQL, None, False),
        (POSTGRESQL, True, True),
    ],
)
def test_who_runs_jobs_is_a_setting(url: str, chosen: bool | None, *, embeds: bool) -> None:
    settings: Settings = settings_for(url).model_copy(update={"embedded_worker": chosen})

    assert settings.embeds_worker is embeds


def test_with_a_broker_workers_are_processes_of_their_own() -> None:
    settings = settings_for("sqlite+aiosqlite:///file")
    with_broker = settings.model_copy(update={"broker_url": SecretStr("redis://localhost/1")})

    assert settings.embeds_worker
    assert not with_broker.embeds_worker
