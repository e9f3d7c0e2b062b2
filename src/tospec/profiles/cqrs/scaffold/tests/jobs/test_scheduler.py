"""Schedulers: each time fires once, however many there are; what was missed is as declared."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import SystemClock
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.main import create_database
from app.models.background import schedule_firings
from app.models.job import JobState, jobs
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.scheduler import Scheduler
from tests.conftest import HeldClock, scratch_database
from tests.fixtures import settings_for
from tests.jobs.deeds import PAST, add_tenant, change, deed, queue
from tests.requirements import JOBS
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)

BEGIN = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
async def scheduled_url(
    tmp_path_factory: pytest.TempPathFactory, template_url: str
) -> AsyncIterator[str]:
    folder: Path = tmp_path_factory.mktemp("scheduled")
    async for url in scratch_database(folder, like=template_url):
        database = create_database(settings_for(url), SystemClock())
        await add_tenant(database)
        await add_tenant(database)
        await add_tenant(database, suspended_at=PAST)
        await database.close()
        yield url


@pytest.fixture
async def database(scheduled_url: str) -> AsyncIterator[Database]:
    """A database with two tenants, and one that is suspended."""
    database = create_database(settings_for(scheduled_url), SystemClock())
    yield database
    await database.close()


@pytest.fixture
def clock() -> HeldClock:
    clock = HeldClock()
    clock.instant = BEGIN
    return clock


def schedule(
    *, catch_up: CatchUp = CatchUp.ONCE, overlap: Overlap = Overlap.QUEUE, count: int = 1
) -> Schedule:
    """Return a schedule that fires each minute and that no other test knows."""
    return Schedule(
        name=f"schedule_{number()}",
        jobs=tuple(deed() for _ in range(count)),
        cron="* * * * *",
        zone="UTC",
        catch_up=catch_up,
        overlap=overlap,
    )


async def queued(database: Database, of: Schedule) -> Sequence[Any]:
    """Return the jobs that a schedule has queued."""
    found = select(jobs).where(jobs.c.schedule == of.name)
    async with database.opened(WORKER_SCOPE) as transaction:
        return await transaction.all(found.order_by(jobs.c.scheduled_for, jobs.c.id))


async def firings(database: Database, of: Schedule) -> list[tuple[datetime, str]]:
    """Return what became of the times of a schedule."""
    found = select(schedule_firings).where(schedule_firings.c.schedule == of.name)
    async with database.opened(WORKER_SCOPE) as transaction:
        rows = await transaction.all(found.order_by(schedule_firings.c.scheduled_for))
    return [(row.scheduled_for, row.outcome) for row in rows]


def minute(count: int) -> datetime:
    return BEGIN.replace(second=0) + timedelta(minutes=count)


async def test_each_tenant_that_is_served_has_each_job(
    database: Database, clock: HeldClock
) -> None:
    tested = schedule(count=2)
    scheduler = Scheduler(database, [tested], clock)

    await scheduler.tick()
    assert await queued(database, tested) == []
    clock.move(seconds=30)
    await scheduler.tick()

    found = await queued(database, tested)
    assert len({(row.tenant_id, row.name) for row in found}) == len(found) == 4
    assert {row.scheduled_for for row in found} == {minute(1)}
    assert {row.max_attempts for row in found} == {3}
    assert await firings(database, tested) == [(BEGIN, "begun"), (minute(1), "fired")]


@pytest.mark.waits(2)
async def test_of_many_schedulers_one_fires(database: Database, clock: HeldClock) -> None:
    tested = schedule()
    schedulers = [Scheduler(database, [tested], clock) for _ in range(2)]
    for scheduler in schedulers:
        await scheduler.tick()

    for count in range(300):
        clock.move(minutes=1)
        if count % 50 == 0:
            # A process that was started again asks the database what has been.
            schedulers = [*schedulers[1:], Scheduler(database, [tested], clock)]
        await asyncio.gather(*(scheduler.tick() for scheduler in schedulers))

    found = await queued(database, tested)
    assert len({(row.tenant_id, row.scheduled_for) for row in found}) == len(found) == 600
    fired = [time for time, outcome in await firings(database, tested) if outcome == "fired"]
    assert fired == [minute(count) for count in range(1, 301)]


@pytest.mark.parametrize(
    ("catch_up", "fired"),
    [
        (CatchUp.ONCE, [3]),
        (CatchUp.ALL, [1, 2, 3]),
        (CatchUp.SKIP, [3]),
    ],
)
async def test_after_a_while_in_which_nothing_ran(
    database: Database, clock: HeldClock, catch_up: CatchUp, fired: list[int]
) -> None:
    tested = schedule(catch_up=catch_up)
    await Scheduler(database, [tested], clock).tick()

    clock.move(minutes=3)
    await Scheduler(database, [tested], clock).tick()

    times = sorted({row.scheduled_for for row in await queued(database, tested)})
    assert times == [minute(count) for count in fired]


async def test_what_was_missed_may_be_left_out(database: Database, clock: HeldClock) -> None:
    hourly = schedule(catch_up=CatchUp.SKIP)
    tested = Schedule(
        name=hourly.name,
        jobs=hourly.jobs,
        cron="0 * * * *",
        zone="UTC",
        catch_up=CatchUp.SKIP,
        overlap=Overlap.QUEUE,
    )
    scheduler = Scheduler(database, [tested], clock)
    await scheduler.tick()

    clock.move(hours=2)
    clock.move(minutes=5)
    await Scheduler(database, [tested], clock).tick()

    assert await queued(database, tested) == []
    assert await firings(database, tested) == [(BEGIN, "begun"), (minute(120), "missed")]
    clock.instant = minute(180) + timedelta(seconds=2)
    await scheduler.tick()
    assert {row.scheduled_for for row in await queued(database, tested)} == {minute(180)}


async def test_all_that_was_missed_is_much(database: Database, clock: HeldClock) -> None:
    tested = schedule(catch_up=CatchUp.ALL)
    await Scheduler(database, [tested], clock).tick()

    clock.move(minutes=250)
    await Scheduler(database, [tested], clock).tick()

    assert len(await queued(database, tested)) == 500


async def test_a_clock_that_goes_back_fires_nothing_again(
    database: Database, clock: HeldClock
) -> None:
    tested = schedule()
    for moved in (0, 2, -1, 1, -30, 30):
        clock.move(minutes=moved)
        await Scheduler(database, [tested], clock).tick()

    assert {row.scheduled_for for row in await queued(database, tested)} == {minute(2)}


async def test_a_tenant_that_is_not_done_is_left_out(database: Database, clock: HeldClock) -> None:
    tested = schedule(overlap=Overlap.SKIP)
    scheduler = Scheduler(database, [tested], clock)
    await scheduler.tick()
    clock.move(minutes=1)
    await scheduler.tick()
    done, leased = await queued(database, tested)
    await change(database, done.id, state=JobState.DONE)
    await change(database, leased.id, state=JobState.LEASED)

    clock.move(minutes=1)
    await scheduler.tick()

    *_, third = await queued(database, tested)
    assert (third.tenant_id, third.scheduled_for) == (done.tenant_id, minute(2))
    assert len(await queued(database, tested)) == 3


async def test_a_firing_may_queue_behind_the_one_before(
    database: Database, clock: HeldClock
) -> None:
    tested = schedule(overlap=Overlap.QUEUE)
    scheduler = Scheduler(database, [tested], clock)
    await scheduler.tick()
    for _ in range(2):
        clock.move(minutes=1)
        await scheduler.tick()

    assert len(await queued(database, tested)) == 4
    taken = await queue(database, tested.jobs[0].name).take(10)
    tenants: set[TenantId] = {lease.tenant_id for lease in taken}
    assert len(tenants) == len(taken) == 2


async def test_a_firing_that_breaks_off_has_not_been(
    database: Database, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tested = schedule()
    await Scheduler(database, [tested], clock).tick()
    clock.move(minutes=1)

    with monkeypatch.context() as patch:
        patch.setattr("app.worker.firing.queued_row", lambda *_: {}["broken"])
        with pytest.raises(KeyError):
            await Scheduler(database, [tested], clock).tick()
    assert await firings(database, tested) == [(BEGIN, "begun")]
    await Scheduler(database, [tested], clock).tick()
    assert len(await queued(database, tested)) == 2
