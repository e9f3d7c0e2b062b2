"""The clock that tests set ahead: what goes by it, and that production has none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from app.core.clock import SystemClock
from app.core.moved_clock import MovedClock, clock_of
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.background import schedule_firings
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.scheduler import Scheduler

HOUR = timedelta(hours=1)
HOURLY = Schedule(
    name="by_the_moved_clock",
    jobs=(),
    cron="0 * * * *",
    zone="UTC",
    catch_up=CatchUp.ONCE,
    overlap=Overlap.SKIP,
)


def ahead(clock: MovedClock) -> timedelta:
    """Return how far a clock is ahead, to the second."""
    return timedelta(seconds=round((clock.now() - datetime.now(UTC)).total_seconds()))


def test_it_is_ahead_by_what_the_file_says_now(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = MovedClock(file)
    assert ahead(clock) == timedelta()
    file.write_text("3600\n", encoding="ascii")
    assert ahead(clock) == HOUR
    file.write_text("7200.0", encoding="ascii")
    assert ahead(clock) == 2 * HOUR


async def test_it_is_the_machines_unless_a_file_is_named(
    job_settings: Settings, tmp_path: Path
) -> None:
    assert isinstance(clock_of(job_settings), SystemClock)
    named = job_settings.model_copy(update={"clock_file": tmp_path / "clock"})
    assert isinstance(clock_of(named), MovedClock)


def test_production_has_none(tmp_path: Path) -> None:
    secret = "".join(map(chr, range(48, 48 + 64)))
    known = {
        "secret_key": secret,
        "clock_file": tmp_path / "clock",
        "database_url": "sqlite+aiosqlite:///x",
    }
    assert Settings(environment="development", **known).clock_file == tmp_path / "clock"
    with pytest.raises(ValidationError, match="CLOCK_FILE must be absent in production"):
        Settings(environment="production", public_url="https://example.com", **known)


async def _fired(database: Database) -> int:
    """Return what is noted of it: that it began, and each firing."""
    count = select(func.count()).where(schedule_firings.c.schedule == HOURLY.name)
    async with database.opened(WORKER_SCOPE) as transaction:
        return await transaction.scalar(count)


async def test_schedules_fire_by_it_once_however_many_schedulers(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "clock"
    schedulers = [Scheduler(database, [HOURLY], MovedClock(file)) for _ in range(2)]
    for each in schedulers:
        await each.tick()
    begun = await _fired(database)
    for hours in (1, 2):
        file.write_text(str(hours * 3600), encoding="ascii")
        for each in schedulers:
            await each.tick()
        assert await _fired(database) == begun + hours
