"""Health tells which services are not asked, and why; settings tell what is missing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import delete

from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.background import workers
from app.worker.upkeep import Upkeep
from tests.fixtures import connected_client, served_application
from tests.integrations.known import SETTINGS
from tests.requirements import INTEGRATIONS

pytestmark = [
    pytest.mark.requirement(*INTEGRATIONS),
    pytest.mark.parametrize("name", SETTINGS),
]


def configured(
    settings: Settings, name: str, *, url: str | None = "http://127.0.0.1:9"
) -> Settings:
    """Return `settings` with all services, one of them at `url`."""
    urls = {setting: "http://127.0.0.1:9" for setting, _ in SETTINGS.values()}
    return settings.model_copy(update={**urls, SETTINGS[name][0]: url})


async def told(
    database: Database, settings: Settings, *troubled: Mapping[str, str]
) -> dict[str, Any]:
    """Return what health tells while workers live that have such trouble."""
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.execute(delete(workers))
    for each in troubled:
        await Upkeep(database, frozenset(), keep=timedelta(days=1)).show_life(each)
    health: dict[str, Any] = {}
    async for app in served_application(settings.model_copy(update={"embedded_worker": False})):
        async for client in connected_client(app):
            health = (await client.get("/health")).json()
    return health


async def test_all_is_well_while_it_is_asked(
    database: Database, job_settings: Settings, name: str
) -> None:
    health = await told(database, configured(job_settings, name), {})

    assert health["status"] == "up"
    assert health["dependencies"][name]["breaker"] == "closed"


async def test_the_service_is_degraded_while_it_is_left_alone(
    database: Database, job_settings: Settings, name: str
) -> None:
    health = await told(database, configured(job_settings, name), {}, {name: "open"})

    assert health["status"] == "degraded"
    assert health["dependencies"][name] == {"status": "down", "breaker": "open"}


async def test_half_open_it_is_asked_again(
    database: Database, job_settings: Settings, name: str
) -> None:
    health = await told(database, configured(job_settings, name), {name: "half-open"})

    assert health["status"] == "up"
    assert health["dependencies"][name]["breaker"] == "half-open"


async def test_the_service_is_degraded_where_it_is_not_configured(
    database: Database, job_settings: Settings, name: str
) -> None:
    health = await told(database, configured(job_settings, name, url=None), {})

    assert health["status"] == "degraded"
    assert health["dependencies"][name] == {"status": "down", "reason": "not configured"}


def test_where_it_is_comes_with_what_proves_who_asks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    url, proof = SETTINGS[name]
    monkeypatch.setenv(url.upper(), "https://other.example.com/v1")
    if proof is None:
        assert Settings()
        return
    monkeypatch.delenv(proof.upper())
    with pytest.raises(ValidationError, match=f"{proof.upper()}: is required"):
        Settings()

    monkeypatch.setenv(proof.upper(), "not-for-logs")
    assert "not-for-logs" not in repr(Settings())


@pytest.mark.parametrize(
    "url",
    ["ftp://other.example.com", "https://", "//other", "https://a:b@other", "https://other?a=b"],
)
def test_where_it_is_must_be_a_plain_url(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    variable, proof = SETTINGS[name]
    monkeypatch.setenv(variable.upper(), url)
    if proof is not None:
        monkeypatch.setenv(proof.upper(), "not-for-logs")

    with pytest.raises(ValidationError):
        Settings()
