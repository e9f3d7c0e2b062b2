"""Runs: what a job hands on to the next, how far that has come, and where it has stopped."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.authorization.permissions import ROLE_PERMISSIONS, WATCH_RUNS, Role
from app.core.errors import InvalidTransitionError
from app.core.ids import TenantId, new_id
from app.core.outside import HopelessError
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.events.base import Event
from app.jobs import JOBS as WORKS
from app.models.base import hydrate
from app.models.job import Job, JobState, jobs
from app.models.run import Run, RunState
from app.services.jobs import JobService
from app.services.runs import RunService
from app.worker.chain import chains_of
from app.worker.lease import Lease
from app.worker.queue import Queue
from app.worker.relay import _hearers
from app.worker.run import Outcome, Runner
from app.worker.work import Itself, Progress, Work
from tests.jobs.deeds import LEASE, PAST, Deed, deeds, enqueue
from tests.requirements import JOBS
from tests.world import Person, World, number, refused

pytestmark = pytest.mark.requirement(*JOBS)

ALLOWED = [role for role in Role if WATCH_RUNS in ROLE_PERMISSIONS[role]]
REFUSED = [role for role in Role if role not in ALLOWED]
NOBODYS = UUID(int=1)
CHANGED = {"after": None, "changed": 1, "refused": {}}


class Asking(Deed):
    """Leaves an entry, and is answered with how many it has found in what it was given."""

    failures: ClassVar[list[Exception]]
    idle: ClassVar[bool] = False

    async def step(self, progress: Progress) -> Progress:
        if self.idle:
            return replace(progress, finished=True, idle=True)
        if progress.asked is None:
            return replace(progress, asked={"count": self.result.get("count", 0)})
        done = await super().step(progress)
        return replace(done, asked=None)

    @classmethod
    async def ask(
        cls, outside: Any, asked: Mapping[str, Any], *, job_id: UUID
    ) -> Mapping[str, Any] | None:
        if cls.failures:
            raise cls.failures.pop()
        return {"count": asked["count"] + 1}


class Chain:
    """Three jobs that follow one another, and a worker that attempts them."""

    def __init__(self, database: Database, settings: Settings, tenant_id: TenantId) -> None:
        names = [f"link_{number()}" for _ in range(3)]
        self.works: Sequence[type[Asking]] = [
            type(
                "Link",
                (Asking,),
                {"name": name, "then": then, "follows": name != names[0], "failures": []},
            )
            for name, then in zip(names, [*names[1:], None], strict=True)
        ]
        self.database = database
        self.tenant_id = tenant_id
        self._queue = Queue(database, names, lease=LEASE, per_tenant=1)
        self.chains = chains_of(self.works)
        works: dict[str, type[Work]] = {work.name: work for work in self.works}
        self._runner = Runner(database, settings, self._queue, works, lambda: 0.0)

    async def begin(self, **values: Any) -> UUID:
        return await enqueue(self.database, self.tenant_id, self.works[0], **values)

    async def lease(self) -> Lease | None:
        leases = await self._queue.take(1)
        return leases[0] if leases else None

    async def attempt(self, lease: Lease) -> Outcome:
        return await self._runner.run(lease)

    async def to_the_end(self) -> list[Outcome]:
        found = []
        while lease := await self.lease():
            found.append(await self.attempt(lease))
        return found

    async def links(self) -> list[Job]:
        own = select(jobs).where(jobs.c.name.in_([work.name for work in self.works]))
        async with self.database.opened(WORKER_SCOPE) as transaction:
            return [hydrate(Job, row) for row in await transaction.all(own.order_by(jobs.c.id))]

    async def told(self, run_id: UUID) -> Run:
        async with self.database.read(self.tenant_id) as transaction:
            return await RunService(transaction, Itself(self.tenant_id), self.chains).get(run_id)

    async def cancel(self, run_id: UUID) -> Run:
        async with self.database.begin(self.tenant_id) as transaction:
            return await RunService(transaction, Itself(self.tenant_id), self.chains).cancel(run_id)

    async def replay(self, job_id: UUID) -> None:
        async with self.database.begin(self.tenant_id) as transaction:
            await JobService(transaction, Itself(self.tenant_id)).replay(job_id)


@pytest.fixture
def chain(database: Database, job_settings: Settings, tenant: TenantId) -> Chain:
    return Chain(database, job_settings, tenant)


async def test_each_link_is_given_what_the_one_before_was_answered(chain: Chain) -> None:
    row = new_id()
    run = await chain.begin(row_id=row)

    outcomes = await chain.to_the_end()

    links = await chain.links()
    assert outcomes == [Outcome.DONE] * 3
    assert [each.name for each in links] == [work.name for work in chain.works]
    assert [each.given for each in links] == [None, {"count": 1}, {"count": 2}]
    assert [each.result for each in links] == [{"count": 1}, {"count": 2}, {"count": 3}]
    assert [each.run_id for each in links] == [None, run, run]
    assert {each.row_id for each in links} == {row}
    assert await deeds(chain.database, chain.tenant_id) == 3


async def test_a_run_tells_how_far_it_has_come(chain: Chain) -> None:
    run = await chain.begin()
    seen = [await chain.told(run)]
    while lease := await chain.lease():
        seen.append(await chain.told(run))
        await chain.attempt(lease)
        seen.append(await chain.told(run))

    states = [RunState.QUEUED, *[RunState.RUNNING] * 5, RunState.DONE]
    assert [each.state for each in seen] == states
    assert [each.progress for each in seen] == [0, 0, 33, 33, 66, 66, 100]
    assert {(each.total, each.id) for each in seen} == {(3, run)}
    assert [each.result for each in seen] == [*[None] * 6, {"count": 3}]
    assert [each.finished_at is None for each in seen] == [*[True] * 6, False]
    assert [each.job for each in seen[2::2]] == [
        *(work.name for work in chain.works[1:]),
        chain.works[-1].name,
    ]


async def test_a_link_that_is_dead_stops_the_run_which_goes_on_from_there(chain: Chain) -> None:
    run = await chain.begin()
    chain.works[1].failures.append(HopelessError("refused"))

    assert await chain.to_the_end() == [Outcome.DONE, Outcome.DEAD]
    told = await chain.told(run)
    assert (told.state, told.reason, told.progress) == (RunState.DEAD, "failed", 33)
    assert (told.job, told.result) == (chain.works[1].name, None)

    await chain.replay(told.job_id)
    assert await chain.to_the_end() == [Outcome.DONE, Outcome.DONE]

    done = await chain.told(run)
    assert (done.state, done.reason, done.result) == (RunState.DONE, None, {"count": 3})
    assert await deeds(chain.database, chain.tenant_id) == 3
    assert len(await chain.links()) == 3


async def test_a_link_whose_end_cannot_be_kept_hands_nothing_on(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await chain.begin()
    lease = await chain.lease()
    assert lease is not None

    async def broken(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("app.worker.run.hand_on", broken)
        assert await chain.attempt(lease) is Outcome.FAILED
    assert [each.state for each in await chain.links()] == [JobState.QUEUED]
    assert await deeds(chain.database, chain.tenant_id) == 0

    assert await chain.to_the_end() == [Outcome.DONE] * 3
    assert (await chain.told(run)).result == {"count": 3}


async def test_a_worker_that_lost_its_lease_hands_nothing_on(chain: Chain) -> None:
    run = await chain.begin()
    lease = await chain.lease()
    assert lease is not None

    lost = replace(lease, token=uuid4())
    assert await chain.attempt(lost) is Outcome.LOST

    assert len(await chain.links()) == 1
    assert await chain.attempt(lease) is Outcome.DONE
    assert (await chain.told(run)).done == 1


async def test_a_link_with_nothing_to_do_ends_the_run(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain.works[1], "idle", True)
    run = await chain.begin()

    assert await chain.to_the_end() == [Outcome.DONE, Outcome.DONE]

    told = await chain.told(run)
    assert (told.state, told.progress, told.total) == (RunState.DONE, 100, 2)


async def test_a_cancelled_run_stops_before_the_next_link(chain: Chain) -> None:
    run = await chain.begin()
    lease = await chain.lease()
    assert lease is not None
    await chain.attempt(lease)

    told = await chain.cancel(run)

    assert (told.state, told.done) == (RunState.CANCELLED, 1)
    assert await chain.to_the_end() == []
    assert [each.state for each in await chain.links()] == [JobState.DONE, JobState.CANCELLED]
    with pytest.raises(InvalidTransitionError):
        await chain.cancel(run)


async def test_a_link_at_work_is_cancelled_as_well(chain: Chain) -> None:
    run = await chain.begin()
    lease = await chain.lease()
    assert lease is not None

    await chain.cancel(run)

    assert await chain.attempt(lease) is Outcome.LOST
    assert await chain.to_the_end() == []
    assert (await chain.told(run)).state is RunState.CANCELLED


@pytest.mark.parametrize("turn", range(5))
async def test_of_a_link_that_ends_and_a_cancellation_nothing_is_left_over(
    chain: Chain, turn: int
) -> None:
    run = await chain.begin()
    lease = await chain.lease()
    assert lease is not None

    await asyncio.gather(
        chain.attempt(lease), chain.cancel(run), *(chain.told(run) for _ in range(turn))
    )

    assert await chain.to_the_end() == []
    assert (await chain.told(run)).state is RunState.CANCELLED


async def test_no_event_starts_what_follows(chain: Chain) -> None:
    class Happened(Event):
        NAME = "Happened"

    first, second, _ = chain.works
    first.on = second.on = (Happened,)

    assert _hearers(chain.works) == {"Happened": [first]}


async def test_runs_begin_with_the_first_job_of_a_chain(chain: Chain) -> None:
    names = [work.name for work in chain.works]

    assert chains_of([*chain.works, Deed]) == {names[0]: names}


# Over HTTP, with the jobs of this service.


@pytest.fixture
def watcher(world: World) -> Person:
    return world.home[ALLOWED[0]]


async def begun(world: World, tenant_id: TenantId, *states: JobState, **values: Any) -> UUID:
    """Store a run with further jobs in some states."""
    name = next(iter(chains_of(WORKS)))
    own = {"schedule": None, "scheduled_for": None, "progress": CHANGED}
    first = await enqueue(
        world.database, tenant_id, name, **own, state=JobState.DONE, finished_at=PAST, **values
    )
    for state in states:
        reason = "failed" if state is JobState.DEAD else None
        part = {"run_id": first, "row_id": new_id(), "state": state, "reason": reason}
        await enqueue(world.database, tenant_id, name, **own, **part, finished_at=PAST)
    return first


async def test_runs_of_the_tenant_are_listed(world: World, watcher: Person) -> None:
    row = new_id()
    own = [await begun(world, world.home.id) for _ in range(3)]
    about = await begun(world, world.home.id, row_id=row)
    await begun(world, world.other.id)
    await enqueue(world.database, world.home.id, "counted")

    assert sorted(await watcher.listed("/v1/runs")) == sorted([*own, about])
    assert await watcher.listed("/v1/runs", row=str(row)) == [about]
    assert sorted(await watcher.walked("/v1/runs", limit=1)) == sorted([*own, about])


async def test_a_run_is_read(world: World, watcher: Person) -> None:
    run = await begun(world, world.home.id, JobState.DONE, JobState.LEASED, JobState.QUEUED)

    told = (await watcher.get(f"/v1/runs/{run}")).json()

    assert (told["id"], told["state"], told["result"]) == (str(run), "running", None)
    assert told["done"] == 2
    assert told["total"] >= 4
    assert 0 < told["progress"] <= 50
    [listed] = (await watcher.get("/v1/runs")).json()["items"]
    assert listed == told


async def test_a_run_tells_where_it_has_stopped_and_why(world: World, watcher: Person) -> None:
    run = await begun(world, world.home.id, JobState.DONE, JobState.DEAD)

    told = (await watcher.get(f"/v1/runs/{run}")).json()

    assert (told["state"], told["reason"]) == ("dead", "failed")
    assert told["job_id"] not in {told["id"], None}
    assert told["finished_at"] is not None


async def test_a_run_is_cancelled(world: World, watcher: Person) -> None:
    run = await begun(world, world.home.id, JobState.LEASED, JobState.QUEUED)

    response = await watcher.post(f"/v1/runs/{run}/cancel")

    assert response.status_code == 200, response.text
    assert response.json()["state"] == "cancelled"
    [entry] = await world.audit_entries()
    assert (entry.action, entry.actor_id, entry.entity_id) == ("run.cancel", watcher.id, run)
    again = await watcher.post(f"/v1/runs/{run}/cancel")
    assert refused(again) == (409, "invalid-transition")


@pytest.mark.parametrize("path", ["", "/cancel"])
async def test_what_is_no_run_of_the_tenant_is_not_found(
    world: World, watcher: Person, path: str
) -> None:
    foreign = await begun(world, world.other.id, JobState.QUEUED)
    single = await enqueue(world.database, world.home.id, "counted")

    for run in (foreign, single, NOBODYS):
        method = "POST" if path else "GET"
        response = await watcher.request(method, f"/v1/runs/{run}{path}")
        assert refused(response) == (404, "not-found")


@pytest.mark.parametrize("role", REFUSED)
async def test_others_may_neither_see_nor_cancel_runs(world: World, role: Role) -> None:
    run = await begun(world, world.home.id, JobState.QUEUED)
    person = world.home[role]

    for method, path in (
        ("GET", "/v1/runs"),
        ("GET", f"/v1/runs/{run}"),
        ("POST", f"/v1/runs/{run}/cancel"),
    ):
        assert refused(await person.request(method, path)) == (403, "permission-denied")


async def test_a_filter_that_is_no_id_is_refused(watcher: Person) -> None:
    response = await watcher.get("/v1/runs", row="nonsense")

    assert refused(response) == (422, "validation-error")
