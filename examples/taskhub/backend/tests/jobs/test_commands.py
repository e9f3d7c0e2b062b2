"""The commands of those who run the service: over the jobs of all tenants."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from app.__main__ import main
from app.background import EXIT_NOT_MIGRATED
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.models.audit_entry import audit_entries
from app.models.job import JobState
from tests.jobs.deeds import enqueue, job
from tests.requirements import JOBS
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)

type Run = Callable[..., "asyncio.Future[str]"]

HISTORY = {"attempt": 3, "at": "2026-01-01T00:00:00+00:00", "reason": "failed", "error": "KeyError"}


@pytest.fixture
def run(jobs_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """What runs a command on the database, and returns what it tells."""
    monkeypatch.setenv("SECRET_KEY", "a secret of 32 bytes at the very least")
    monkeypatch.setenv("DATABASE_URL", jobs_url)

    async def told(*arguments: str) -> str:
        assert await asyncio.to_thread(main, arguments) == 0
        return capsys.readouterr().out

    return told


async def buried(database: Database, tenant: TenantId, name: str) -> UUID:
    values = {"state": JobState.DEAD, "reason": "failed", "attempt": 3, "history": [HISTORY]}
    return await enqueue(database, tenant, name, **values)


async def test_jobs_are_listed(database: Database, tenant: TenantId, run: Run) -> None:
    name = f"listed_{number()}"
    waiting = await enqueue(database, tenant, name)
    dead = await buried(database, tenant, name)

    told = await run("jobs", "list", "--name", name)
    of_the_dead = await run("dead-letters", "list", "--name", name)

    assert f"{waiting}  {name}  queued" in told
    assert f"{dead}  {name}  dead" in of_the_dead
    assert str(waiting) not in of_the_dead
    assert "attempt 3 at 2026-01-01T00:00:00+00:00: failed: KeyError" in of_the_dead
    assert str(dead) not in await run("jobs", "list", "--name", name, "--state", "queued")


async def test_dead_letters_are_replayed(
    database: Database, tenant: TenantId, other_tenant: TenantId, run: Run
) -> None:
    first, second = [await buried(database, each, "replayed") for each in (tenant, other_tenant)]
    waiting = await enqueue(database, tenant, "replayed")

    assert "1 jobs" in await run("dead-letters", "replay", str(first), str(waiting), str(new_id()))
    assert (await job(database, first)).state is JobState.QUEUED
    assert (await job(database, second)).state is JobState.DEAD
    await run("dead-letters", "replay", "--all")
    assert (await job(database, second)).state is JobState.QUEUED
    async with database.read(tenant) as transaction:
        entries = select(audit_entries).where(audit_entries.c.tenant_id == tenant)
        [entry] = await transaction.all(entries)
    assert (entry.action, entry.actor_id, entry.entity_id) == ("job.replay", None, first)


async def test_dead_letters_are_discarded(
    database: Database, tenant: TenantId, other_tenant: TenantId, run: Run
) -> None:
    first, second = [await buried(database, each, "discarded") for each in (tenant, other_tenant)]
    waiting = await enqueue(database, tenant, "discarded")

    told = await run("dead-letters", "discard", str(first), str(waiting), "--reason", "Too late.")

    assert "1 jobs" in told
    left = await job(database, first)
    assert (left.state, left.history) == (JobState.CANCELLED, [HISTORY])
    assert (await job(database, second)).state is JobState.DEAD
    assert (await job(database, waiting)).state is JobState.QUEUED
    await run("dead-letters", "discard", "--all")
    assert (await job(database, second)).state is JobState.CANCELLED
    async with database.read(tenant) as transaction:
        entries = select(audit_entries).where(audit_entries.c.tenant_id == tenant)
        [entry] = await transaction.all(entries)
    assert (entry.action, entry.actor_id, entry.entity_id) == ("job.discard", None, first)
    assert entry.after == {"reason": "Too late."}


async def test_jobs_are_cancelled(database: Database, tenant: TenantId, run: Run) -> None:
    waiting = await enqueue(database, tenant, "cancelled")
    done = await enqueue(database, tenant, "cancelled", state=JobState.DONE)

    assert "1 jobs" in await run("jobs", "cancel", str(waiting), str(done))
    assert (await job(database, waiting)).state is JobState.CANCELLED
    assert (await job(database, done)).state is JobState.DONE


async def test_a_job_is_paused_and_resumed(run: Run) -> None:
    name = f"paused_{number()}"

    await run("jobs", "pause", name)
    assert f"{name} is paused since" in await run("jobs", "list")
    await run("jobs", "resume", name)
    assert name not in await run("jobs", "list")


async def test_schedules_tell_when_they_fire(run: Run) -> None:
    assert "+00:00" in await run("schedules") or not await run("schedules")


@pytest.mark.parametrize(
    "arguments",
    [
        ["jobs"],
        ["jobs", "replay"],
        ["jobs", "cancel", "no-id"],
        ["dead-letters", "replay"],
        ["dead-letters", "replay", str(UUID(int=1)), "--all"],
        ["dead-letters", "discard"],
        ["dead-letters", "discard", "--all", "--reason", ""],
    ],
)
def test_a_command_that_lacks_something_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)


async def test_a_worker_begins_with_a_schema_of_its_version(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of 32 bytes at the very least")
    monkeypatch.setenv("DATABASE_URL", empty_database_url)

    assert await asyncio.to_thread(main, ["worker"]) == EXIT_NOT_MIGRATED
