"""What keeps the queue well: signs of life, figures, and that old rows go."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import generate_latest
from sqlalchemy import delete, insert, select

from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.background import Firing, schedule_firings, workers
from app.models.job import JobState, jobs
from app.worker.metrics import JOBS_DEAD_LETTERS, JOBS_WAITING, JOBS_WAITING_SECONDS
from app.worker.upkeep import Upkeep, require_worker
from tests.jobs.deeds import PAST, enqueue
from tests.requirements import JOBS
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)

KEEP = timedelta(days=30)


def upkeep(database: Database, *names: str) -> Upkeep:
    return Upkeep(database, frozenset(names), keep=KEEP)


async def rows(database: Database, column: Any) -> Sequence[Any]:
    async with database.opened(WORKER_SCOPE) as transaction:
        return [row[0] for row in await transaction.all(select(column))]


async def test_the_first_job_that_dies_is_an_increase(database: Database) -> None:
    name = f"measured_{number()}"
    assert f'jobs_dead_total{{job="{name}"}}' not in generate_latest().decode()

    await upkeep(database, name).measure()

    assert f'jobs_dead_total{{job="{name}"}} 0.0' in generate_latest().decode()


async def test_metrics_tell_what_waits_and_what_is_dead(
    database: Database, tenant: TenantId
) -> None:
    waiting, idle = (f"measured_{number()}" for _ in range(2))
    since = datetime.now(UTC) - timedelta(minutes=10)
    for run_at in (since, since + timedelta(minutes=5), since + timedelta(days=1)):
        await enqueue(database, tenant, waiting, run_at=run_at)
    for state in (JobState.DEAD, JobState.DEAD, JobState.DONE):
        await enqueue(database, tenant, waiting, state=state)

    await upkeep(database, waiting, idle).measure()

    assert JOBS_WAITING.labels(waiting)._value.get() == 2
    assert abs(JOBS_WAITING_SECONDS.labels(waiting)._value.get() - 600) < 10
    assert JOBS_DEAD_LETTERS.labels(waiting)._value.get() == 2
    for gauge in (JOBS_WAITING, JOBS_WAITING_SECONDS, JOBS_DEAD_LETTERS):
        assert gauge.labels(idle)._value.get() == 0


async def test_rows_of_jobs_that_are_done_go_after_a_while(
    database: Database, tenant: TenantId
) -> None:
    now = datetime.now(UTC)
    old, new = now - KEEP - timedelta(hours=1), now - KEEP + timedelta(hours=1)

    async def stored(state: JobState, finished_at: datetime | None) -> UUID:
        return await enqueue(database, tenant, "kept", state=state, finished_at=finished_at)

    gone = {await stored(state, old) for state in (JobState.DONE, JobState.CANCELLED)}
    kept = {await stored(JobState.DONE, new), await stored(JobState.DEAD, old)}
    kept |= {await stored(JobState.QUEUED, None)}

    await upkeep(database).remove_old()

    left = set(await rows(database, jobs.c.id))
    assert kept <= left
    assert not gone & left


async def test_the_newest_firing_of_a_schedule_stays(database: Database) -> None:
    names = [f"schedule_{number()}" for _ in range(2)]
    async with database.opened(WORKER_SCOPE) as transaction:
        for count, name in ((0, names[0]), (1, names[0]), (0, names[1])):
            row = {"scheduled_for": PAST + timedelta(days=count), "outcome": Firing.FIRED}
            await transaction.execute(
                insert(schedule_firings).values(schedule=name, happened_at=PAST, **row)
            )

    await upkeep(database).remove_old()

    async with database.opened(WORKER_SCOPE) as transaction:
        found = select(schedule_firings).where(schedule_firings.c.schedule.in_(names))
        left = {(row.schedule, row.scheduled_for) for row in await transaction.all(found)}
    assert left == {(names[0], PAST + timedelta(days=1)), (names[1], PAST)}


async def test_a_worker_that_is_silent_is_not_alive(database: Database) -> None:
    ours = upkeep(database)
    silent = new_id()
    async with database.opened(WORKER_SCOPE) as transaction:
        await transaction.execute(delete(workers))
        row = {"id": silent, "started_at": PAST, "seen_at": PAST, "troubled": {}}
        await transaction.execute(insert(workers).values(row))
    with pytest.raises(ServiceUnavailableError):
        await require_worker(database, timedelta(seconds=30))

    await ours.show_life({})
    await ours.show_life({})
    await require_worker(database, timedelta(seconds=30))
    await ours.remove_old()
    assert silent not in await rows(database, workers.c.id)

    await ours.sign_off()
    with pytest.raises(ServiceUnavailableError):
        await require_worker(database, timedelta(seconds=30))
