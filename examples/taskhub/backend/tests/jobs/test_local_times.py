"""Schedules by the clocks of tenants: once in each tenant, whatever its clocks and zone do."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.authorization.actor import Actor
from app.core.clock import SystemClock
from app.core.ids import TenantId
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.main import create_database
from app.models.job import jobs
from app.models.tenant import tenants
from app.queries.jobs.list_schedules import ListSchedules, ListSchedulesHandler
from app.worker.local_times import TENANTS_AT_ONCE
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.scheduler import Scheduler
from tests.conftest import HeldClock, scratch_database
from tests.fixtures import settings_for
from tests.jobs.deeds import PAST, add_tenant, deed
from tests.requirements import JOBS
from tests.world import World, number

pytestmark = pytest.mark.requirement(*JOBS)

MONDAYS = "0 8 * * MON"
BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"


@pytest.fixture(scope="module")
async def local_url(
    tmp_path_factory: pytest.TempPathFactory, template_url: str
) -> AsyncIterator[str]:
    folder: Path = tmp_path_factory.mktemp("local")
    async for url in scratch_database(folder, like=template_url):
        yield url


@pytest.fixture
async def database(local_url: str) -> AsyncIterator[Database]:
    """A database in which no other tenant is served."""
    database = create_database(settings_for(local_url), SystemClock())
    served = select(tenants.c.id).where(tenants.c.suspended_at.is_(None))
    async with database.opened(WORKER_SCOPE) as transaction:
        known = [row.id for row in await transaction.all(served)]
    for tenant_id in known:
        await set_tenant(database, tenant_id, suspended_at=PAST)
    yield database
    await database.close()


@pytest.fixture
def clock() -> HeldClock:
    clock = HeldClock()
    clock.instant = instant("2026-03-25T00:00")
    return clock


def schedule(
    cron: str = MONDAYS, *, catch_up: CatchUp = CatchUp.ONCE, overlap: Overlap = Overlap.QUEUE
) -> Schedule:
    """Return a schedule by the clocks of tenants that no other test knows."""
    name = f"local_{number()}"
    return Schedule(
        name=name, jobs=(deed(),), cron=cron, zone=None, catch_up=catch_up, overlap=overlap
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def set_tenant(database: Database, tenant_id: TenantId, **values: Any) -> None:
    async with database.begin(tenant_id) as transaction:
        changed = update(tenants).where(tenants.c.id == tenant_id).values(values)
        await transaction.execute(changed)


async def fired(database: Database, of: Schedule, tenant_id: TenantId) -> list[str]:
    """Return the times for which a tenant has jobs."""
    return (await fired_in_each(database, of))[tenant_id]


async def fired_in_each(database: Database, of: Schedule) -> Mapping[TenantId, list[str]]:
    """Return the times for which each tenant has jobs; none for one that has no jobs."""
    found = select(jobs.c.tenant_id, jobs.c.scheduled_for).where(jobs.c.schedule == of.name)
    times: defaultdict[TenantId, list[str]] = defaultdict(list)
    async with database.opened(WORKER_SCOPE) as transaction:
        for row in await transaction.all(found.order_by(jobs.c.scheduled_for)):
            times[row.tenant_id].append(row.scheduled_for.isoformat()[:16])
    return times


async def through(
    database: Database, of: Schedule, clock: HeldClock, until: str, *, every: timedelta
) -> None:
    """Let a scheduler tick up to an instant."""
    scheduler = Scheduler(database, [of], clock)
    await scheduler.tick()
    while clock.instant < instant(until):
        clock.instant += every
        await scheduler.tick()


async def at(database: Database, of: Schedule, clock: HeldClock, *times: str) -> None:
    """Let a scheduler that has just begun tick at some instants."""
    for time in times:
        clock.instant = instant(time)
        await Scheduler(database, [of], clock).tick()


async def test_each_tenant_has_its_own_hour(database: Database, clock: HeldClock) -> None:
    zones = {zone: await add_tenant(database, time_zone=zone) for zone in (BERLIN, NEW_YORK, TOKYO)}
    tested = schedule()

    await through(database, tested, clock, "2026-03-31T00:00", every=timedelta(hours=2))

    # Berlin has put its clocks forward on the day before, New York three weeks ago.
    assert {zone: await fired(database, tested, each) for zone, each in zones.items()} == {
        BERLIN: ["2026-03-30T06:00"],
        NEW_YORK: ["2026-03-30T12:00"],
        TOKYO: ["2026-03-29T23:00"],
    }


@pytest.mark.parametrize(
    ("cron", "begin", "end", "every", "times"),
    [
        # Berlin has no 02:30 on 29 March 2026, and two of them on 25 October.
        ("30 2 * * *", "2026-03-28T12:00", "2026-03-30T12:00", 30, ["03-29T01:00", "03-30T00:30"]),
        ("30 2 * * *", "2026-10-24T12:00", "2026-10-26T12:00", 30, ["10-25T00:30", "10-26T01:30"]),
        ("0 8 * * MON", "2026-10-19T12:00", "2026-10-27T12:00", 120, ["10-26T07:00"]),
        ("30 * * * *", "2026-10-24T23:45", "2026-10-25T02:00", 15, ["10-25T00:30", "10-25T01:30"]),
    ],
)
async def test_clocks_that_are_changed_lose_no_time_and_double_none(
    database: Database,
    clock: HeldClock,
    cron: str,
    begin: str,
    end: str,
    every: int,
    times: list[str],
) -> None:
    tenant = await add_tenant(database, time_zone=BERLIN)
    clock.instant = instant(begin)
    tested = schedule(cron)

    await through(database, tested, clock, end, every=timedelta(minutes=every))

    assert await fired(database, tested, tenant) == [f"2026-{time}" for time in times]


@pytest.mark.waits(8)
async def test_of_many_schedulers_one_fires(database: Database, clock: HeldClock) -> None:
    served = [await add_tenant(database, time_zone=zone) for zone in (BERLIN, BERLIN, NEW_YORK)]
    tested = schedule("0 * * * *")
    schedulers = [Scheduler(database, [tested], clock) for _ in range(3)]
    await asyncio.gather(*(scheduler.tick() for scheduler in schedulers))

    for _ in range(24):
        clock.move(hours=1)
        schedulers = [*schedulers[1:], Scheduler(database, [tested], clock)]
        await asyncio.gather(*(scheduler.tick() for scheduler in schedulers))

    for tenant in served:
        times = await fired(database, tested, tenant)
        assert len(set(times)) == len(times) == 24


@pytest.mark.parametrize(
    ("before", "after", "times"),
    [
        # To the west the same Monday comes again by the clock on the wall, and does not count.
        (BERLIN, NEW_YORK, ["2026-06-01T06:00", "2026-06-08T12:00"]),
        (NEW_YORK, TOKYO, ["2026-06-01T12:00", "2026-06-07T23:00"]),
    ],
)
async def test_whoever_changes_the_zone_has_no_monday_twice(
    database: Database, clock: HeldClock, before: str, after: str, times: list[str]
) -> None:
    tenant = await add_tenant(database, time_zone=before)
    tested = schedule()
    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-01T12:00")

    await set_tenant(database, tenant, time_zone=after)
    for day in range(1, 9):
        await at(database, tested, clock, f"2026-06-0{day}T13:00")

    assert await fired(database, tested, tenant) == times


async def test_a_time_that_a_new_zone_has_behind_it_is_caught_up_with(
    database: Database, clock: HeldClock
) -> None:
    tenant = await add_tenant(database, time_zone=NEW_YORK)
    tested = schedule()
    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-01T03:00")
    assert await fired(database, tested, tenant) == []

    await set_tenant(database, tenant, time_zone=TOKYO)
    await at(database, tested, clock, "2026-06-01T03:05", "2026-06-01T12:30")

    assert await fired(database, tested, tenant) == ["2026-05-31T23:00"]


@pytest.mark.parametrize(
    ("catch_up", "times"),
    [
        (CatchUp.ONCE, ["2026-06-15T06:00"]),
        (CatchUp.ALL, ["2026-06-01T06:00", "2026-06-08T06:00", "2026-06-15T06:00"]),
        (CatchUp.SKIP, ["2026-06-22T06:00"]),
    ],
)
async def test_what_was_missed_is_as_declared(
    database: Database, clock: HeldClock, catch_up: CatchUp, times: list[str]
) -> None:
    tenant = await add_tenant(database, time_zone=BERLIN)
    tested = schedule(catch_up=catch_up)
    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-17T00:00")
    if catch_up is CatchUp.SKIP:
        await at(database, tested, clock, "2026-06-22T06:00")

    assert await fired(database, tested, tenant) == times


async def test_a_tenant_that_came_later_is_owed_nothing(
    database: Database, clock: HeldClock
) -> None:
    tested = schedule()
    await at(database, tested, clock, "2026-05-31T00:00")
    late = await add_tenant(database, time_zone=BERLIN, created_at=instant("2026-06-01T06:01"))
    known = await add_tenant(database, time_zone=BERLIN)

    await at(database, tested, clock, "2026-06-01T07:00")

    assert await fired(database, tested, late) == []
    assert await fired(database, tested, known) == ["2026-06-01T06:00"]


async def test_a_suspended_tenant_has_no_jobs(database: Database, clock: HeldClock) -> None:
    served = await add_tenant(database, time_zone=BERLIN)
    suspended = await add_tenant(database, time_zone=BERLIN, suspended_at=PAST)
    tested = schedule()

    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-01T07:00")

    assert await fired(database, tested, served) == ["2026-06-01T06:00"]
    assert await fired(database, tested, suspended) == []


async def test_many_tenants_are_served_in_parts(database: Database, clock: HeldClock) -> None:
    served = [await add_tenant(database, time_zone=BERLIN) for _ in range(TENANTS_AT_ONCE + 3)]
    tested = schedule()

    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-01T06:00", "2026-06-01T06:01")

    found = await fired_in_each(database, tested)
    assert found == {each: ["2026-06-01T06:00"] for each in served}


async def test_a_run_that_is_not_done_is_not_doubled(database: Database, clock: HeldClock) -> None:
    tenant = await add_tenant(database, time_zone=BERLIN)
    tested = schedule(overlap=Overlap.SKIP)

    await at(database, tested, clock, "2026-05-31T00:00", "2026-06-01T06:00", "2026-06-08T06:00")

    assert await fired(database, tested, tenant) == ["2026-06-01T06:00"]


async def test_people_read_the_hours_of_their_tenant(world: World, clock: HeldClock) -> None:
    me = next(iter(world.home))
    await set_tenant(me.database, me.tenant_id, time_zone=TOKYO)
    handler = ListSchedulesHandler(me.database, [schedule()], clock)
    actor = Actor(user_id=me.id, tenant_id=me.tenant_id, role=me.role)

    [told] = await handler(ListSchedules(), actor=actor)

    assert (told.zone, told.next_runs[0]) == (TOKYO, instant("2026-03-29T23:00"))
