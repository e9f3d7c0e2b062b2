"""The queue: a job is one worker's at a time, and nothing of it is lost or done twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.core.ids import TenantId
from app.db.engine import Database
from app.models.job import JobState
from app.worker import office
from app.worker.lease import Failure, LeaseLostError, Reason
from app.worker.work import Progress
from tests.jobs.deeds import (
    LEASE,
    PAST,
    Deed,
    add_tenant,
    change,
    deed,
    deeds,
    enqueue,
    job,
    of_event,
    queue,
)
from tests.requirements import JOBS
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)


def names(count: int) -> list[str]:
    """Return names of jobs that no other test knows."""
    return [f"job_{number()}" for _ in range(count)]


async def test_a_job_that_is_taken_is_leased(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name)

    [lease] = await queue(database, name).take(5)

    taken = await job(database, job_id)
    assert (lease.id, lease.tenant_id, lease.attempt) == (job_id, tenant, 1)
    assert (taken.state, taken.attempt, taken.token) == (JobState.LEASED, 1, lease.token)
    assert taken.leased_until is not None
    assert abs(taken.leased_until - datetime.now(UTC) - LEASE) < timedelta(seconds=5)


async def test_nobody_takes_what_is_leased(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    await enqueue(database, tenant, name)
    jobs = queue(database, name)

    assert len(await jobs.take(5)) == 1
    assert await jobs.take(5) == []


async def test_of_many_takers_each_job_finds_one(database: Database) -> None:
    known = names(3)
    ids = {
        await enqueue(database, tenant, name)
        for tenant in [await add_tenant(database) for _ in range(6)]
        for name in known
    }
    takers = [queue(database, *known, per_tenant=9) for _ in range(6)]

    taken = []
    while found := await asyncio.gather(*(taker.take(2) for taker in takers)):
        if not any(found):
            break
        taken += [lease.id for leases in found for lease in leases]

    assert sorted(taken) == sorted(ids)


async def test_a_job_waits_for_its_time(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    await enqueue(database, tenant, name, run_at=datetime.now(UTC) + timedelta(minutes=1))

    assert await queue(database, name).take(5) == []


async def test_a_job_waits_for_a_version_that_knows_it(
    database: Database, tenant: TenantId
) -> None:
    known, unknown = names(2)
    job_id = await enqueue(database, tenant, unknown)

    assert await queue(database, known).take(5) == []
    assert (await job(database, job_id)).state is JobState.QUEUED
    assert len(await queue(database, known, unknown).take(5)) == 1


async def test_a_tenant_with_much_to_do_keeps_nobody_waiting(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    known = names(12)
    for name in known:
        await enqueue(database, tenant, name)
    late = await enqueue(database, other_tenant, known[0], run_at=PAST + timedelta(days=1))
    jobs = queue(database, *known)

    first, second, third = await jobs.take(8)

    assert [first.tenant_id, third.tenant_id] == [tenant, tenant]
    assert second.id == late
    assert await jobs.take(8) == []
    await jobs.give_back(first)
    assert [lease.tenant_id for lease in await jobs.take(8)] == [tenant]


async def test_a_tenant_has_one_run_of_a_job_at_a_time(
    database: Database, tenant: TenantId
) -> None:
    [name] = names(1)
    for _ in range(3):
        await enqueue(database, tenant, name)
    jobs = queue(database, name)

    assert len(await jobs.take(8)) == 1
    assert await jobs.take(8) == []


async def test_runs_that_events_start_go_side_by_side_up_to_the_share_of_the_tenant(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    [name] = names(1)
    for each in (tenant, other_tenant):
        for _ in range(4):
            await enqueue(database, each, name, **of_event())
        for _ in range(2):
            await enqueue(database, each, name)
    jobs = queue(database, name, per_tenant=3)

    taken = await jobs.take(9)

    assert sorted(Counter(lease.tenant_id for lease in taken).values()) == [3, 3]
    assert await jobs.take(9) == []
    for lease in taken:
        await change(database, lease.id, state=JobState.DONE, token=None)
    # The last one of those, and of the others, which no event has started, one at a time.
    again = await jobs.take(9)
    counts = Counter((lease.tenant_id, lease.announced is None) for lease in again)
    assert counts == dict.fromkeys(product((tenant, other_tenant), (False, True)), 1)
    assert await jobs.take(9) == []


async def test_what_is_put_back_keeps_its_place(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    job_id, _ = [await enqueue(database, tenant, name) for _ in range(2)]
    before = await job(database, job_id)
    jobs = queue(database, name)
    [lease] = await jobs.take(1)

    await jobs.put_back([])
    await jobs.put_back([lease])
    await jobs.put_back([lease])

    assert await job(database, job_id) == before
    assert [lease.id for lease in await jobs.take(1)] == [job_id]
    await jobs.put_back([lease])
    assert (await job(database, job_id)).state is JobState.LEASED


async def test_a_paused_job_does_not_begin(database: Database, tenant: TenantId) -> None:
    paused, other = names(2)
    for name in (paused, other):
        await enqueue(database, tenant, name)
    jobs = queue(database, paused, other)

    await office.pause(database, paused)
    await office.pause(database, paused)
    assert [lease.name for lease in await jobs.take(8)] == [other]
    assert paused in await office.paused(database)
    await office.resume(database, paused)
    assert [lease.name for lease in await jobs.take(8)] == [paused]


async def test_what_is_given_back_has_lost_no_attempt(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name)
    jobs = queue(database, name)
    [lease] = await jobs.take(1)

    await jobs.give_back(lease)

    waiting = await job(database, job_id)
    assert (waiting.state, waiting.attempt, waiting.token) == (JobState.QUEUED, 0, None)
    [again] = await jobs.take(1)
    assert (again.attempt, again.token == lease.token) == (1, False)


async def test_a_lease_is_prolonged_by_who_holds_it(database: Database, tenant: TenantId) -> None:
    first, second = names(2)
    held, lost = [await enqueue(database, tenant, name) for name in (first, second)]
    jobs = queue(database, first, second)
    leases = await jobs.take(2)
    for job_id in (held, lost):
        await change(database, job_id, leased_until=PAST)
    await change(database, lost, token=held)

    assert await jobs.prolong(leases) == {held}
    assert await jobs.prolong([]) == frozenset()
    assert (await job(database, held)).leased_until != PAST
    assert (await job(database, lost)).leased_until == PAST


async def test_what_a_silent_worker_left_is_taken_again(
    database: Database, tenant: TenantId
) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name)
    jobs = queue(database, name)
    await jobs.take(1)

    assert await jobs.reap() == []
    assert (await job(database, job_id)).state is JobState.LEASED
    await change(database, job_id, leased_until=PAST)
    assert await jobs.reap() == []

    found = await job(database, job_id)
    assert (found.state, found.attempt, found.token) == (JobState.QUEUED, 1, None)
    assert [entry["reason"] for entry in found.history] == ["worker-crash"]
    assert [lease.attempt for lease in await jobs.take(1)] == [2]


async def test_what_ends_every_worker_is_given_up(database: Database, tenant: TenantId) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name, max_attempts=2)
    jobs = queue(database, name)

    dead = []
    for _ in range(2):
        await jobs.take(1)
        await change(database, job_id, leased_until=PAST)
        dead += await jobs.reap()

    buried = await job(database, job_id)
    assert [lease.id for lease in dead] == [job_id]
    assert (buried.state, buried.reason) == (JobState.DEAD, "worker-crash")
    assert [entry["attempt"] for entry in buried.history] == [1, 2]
    assert buried.finished_at is not None
    assert await jobs.take(1) == []


async def test_a_frozen_worker_commits_nothing_once_another_has_taken_over(
    database: Database, tenant: TenantId
) -> None:
    work = deed()
    job_id = await enqueue(database, tenant, work)
    jobs = queue(database, work.name)
    [frozen] = await jobs.take(1)
    await change(database, job_id, leased_until=PAST)
    await jobs.reap()
    [live] = await jobs.take(1)

    async def carry_out(lease: object, work: type[Deed]) -> None:
        async with database.begin(tenant) as transaction:
            progress = await work(transaction, tenant, None).step(Progress())
            jobs.keep(transaction, lease, progress)

    with pytest.raises(LeaseLostError):
        await carry_out(frozen, work)
    assert await deeds(database, tenant) == 0
    await carry_out(live, work)
    with pytest.raises(LeaseLostError):
        await carry_out(frozen, work)
    assert await deeds(database, tenant) == 1
    assert (await job(database, job_id)).state is JobState.DONE


async def test_who_lost_the_lease_changes_nothing_by_giving_up(
    database: Database, tenant: TenantId
) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name, max_attempts=1)
    jobs = queue(database, name)
    [lease] = await jobs.take(1)
    await change(database, job_id, token=job_id)
    before = await job(database, job_id)

    failure = Failure(reason=Reason.FAILED, error="KeyError")
    assert not await jobs.fail(lease, failure, timedelta())
    await jobs.give_back(lease)

    assert await job(database, job_id) == before


async def test_a_job_that_failed_waits_by_the_clock_of_the_database(
    database: Database, tenant: TenantId
) -> None:
    [name] = names(1)
    job_id = await enqueue(database, tenant, name)
    jobs = queue(database, name)
    [lease] = await jobs.take(1)

    await jobs.fail(lease, Failure(reason=Reason.TIMEOUT), timedelta(minutes=7))

    waiting = await job(database, job_id)
    left = waiting.run_at - datetime.now(UTC)
    assert abs(left - timedelta(minutes=7)) < timedelta(seconds=5)
    assert (waiting.state, waiting.history[0]["reason"]) == (JobState.QUEUED, "timeout")
    assert await jobs.take(1) == []
