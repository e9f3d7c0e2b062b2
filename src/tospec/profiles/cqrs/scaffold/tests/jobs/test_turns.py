"""Which of the jobs that are due come first."""

from datetime import timedelta

import pytest

from app.core.ids import TenantId
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.job import Priority
from app.models.job import jobs as jobs_table
from app.worker.queue import Queue
from app.worker.taking import Choice
from tests.fixtures import store
from tests.jobs.deeds import PAST, add_tenant, change, enqueue, job, of_event, queue, row_of
from tests.requirements import JOBS
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)

LATER = PAST + timedelta(days=1)


@pytest.fixture
def name() -> str:
    """The name of a job that no other test knows."""
    return f"job_{number()}"


@pytest.fixture
def jobs(database: Database, name: str) -> Queue:
    return queue(database, name)


async def test_the_more_urgent_come_first(database: Database, jobs: Queue, name: str) -> None:
    low, normal, high = [
        await enqueue(database, await add_tenant(database), name, priority=each)
        for each in (Priority.LOW, Priority.NORMAL, Priority.HIGH)
    ]

    taken = [lease.id for _ in range(3) for lease in await jobs.take(1)]

    assert taken == [high, normal, low]


async def test_by_age_what_waits_longest_comes_first(
    database: Database, jobs: Queue, name: str
) -> None:
    tenants = [await add_tenant(database) for _ in range(2)]
    urgent = await enqueue(database, tenants[0], name, priority=Priority.HIGH, run_at=LATER)
    patient = await enqueue(database, tenants[1], name, priority=Priority.LOW)

    [first] = await jobs.take(1, Choice(by_age=True))
    [second] = await jobs.take(1, Choice(by_age=True))

    assert (first.id, second.id) == (patient, urgent)


async def test_of_those_that_were_named_it_takes_what_it_may(
    database: Database, jobs: Queue, name: str, tenant: TenantId, other_tenant: TenantId
) -> None:
    older = await enqueue(database, tenant, name)
    named = [await enqueue(database, each, name, run_at=LATER) for each in (tenant, other_tenant)]

    taken = [lease.id for lease in await jobs.take(5, Choice(among=named))]

    assert sorted(taken) == sorted(named)
    # The tenant has a run of that name, so the older one waits.
    assert await jobs.take(5, Choice(among=[older])) == []
    assert await jobs.take(5, Choice(among=named)) == []


async def test_a_tenant_that_has_one_running_has_its_further_turn(
    database: Database, tenant: TenantId
) -> None:
    known = [f"job_{number()}" for _ in range(3)]
    for each in known:
        await enqueue(database, tenant, each)
    jobs = queue(database, *known, per_tenant=2)

    assert [len(await jobs.take(1)) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize("by_age", [False, True])
async def test_however_much_a_tenant_has_queued_others_have_their_turn(
    database: Database, jobs: Queue, name: str, tenant: TenantId, *, by_age: bool
) -> None:
    mass = [row_of(tenant, name) | of_event() for _ in range(300)]
    async with database.opened(WORKER_SCOPE) as transaction:
        await store(transaction, jobs_table, mass)
    late = [
        await enqueue(database, await add_tenant(database), name, run_at=LATER, priority=each)
        for each in (Priority.LOW, Priority.NORMAL)
    ]

    first = await jobs.take(1, Choice(by_age=by_age))
    others = await jobs.take(8, Choice(by_age=by_age))

    assert [lease.tenant_id for lease in first] == [tenant]
    assert sorted(lease.id for lease in others if lease.tenant_id != tenant) == sorted(late)
    assert len(others) == len(late) + 1


@pytest.mark.parametrize(("attempts", "taken_at_once"), [(2, 1), (3, 3)])
async def test_last_attempts_after_the_end_of_a_worker_are_made_one_at_a_time(
    database: Database, jobs: Queue, name: str, attempts: int, taken_at_once: int
) -> None:
    crashed = [
        await enqueue(database, await add_tenant(database), name, max_attempts=attempts)
        for _ in range(3)
    ]
    await jobs.take(3)
    for each in crashed:
        await change(database, each, leased_until=PAST)
    await jobs.reap()
    assert {(await job(database, each)).reason for each in crashed} == {"worker-crash"}
    without = await jobs.take(9, Choice(suspects=False))
    assert len(without) == (0 if taken_at_once == 1 else 3)
    assert len(await jobs.take(9)) == (1 if taken_at_once == 1 else 0)
