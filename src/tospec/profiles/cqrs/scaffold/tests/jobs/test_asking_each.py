"""Jobs that ask about each of many rows: a job for each row, and each asks once."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import insert, literal, select, update

from app.core.ids import TenantId, new_id
from app.core.outside import HopelessError, OutsideError
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.models.base import hydrate
from app.models.job import Job, JobState, jobs
from app.models.user import users
from app.repositories import questions
from app.repositories.questions import Questions
from app.worker import asking_each
from app.worker.asking_each import AskEach
from app.worker.queue import Queue
from app.worker.run import Outcome, Runner
from app.worker.work import Retry
from tests.fixtures import _user
from tests.jobs.deeds import LEASE, PAST, change, enqueue, job
from tests.requirements import JOBS
from tests.roles import COLLEAGUE
from tests.world import number

pytestmark = pytest.mark.requirement(*JOBS)


class Greeting(AskEach):
    """Greets everybody who may sign in; those in `refused` are refused.

    Attributes:
        asked: What was sent, by the id of the job that sent it.
        refused: What another service says to whoever is greeted by an address.
    """

    name: ClassVar = "greeting"
    timeout: ClassVar = timedelta(minutes=1)
    retry: ClassVar = Retry(attempts=2, base=timedelta(seconds=1), cap=timedelta(seconds=1))
    asked: ClassVar[list[tuple[UUID, Mapping[str, Any]]]]
    refused: ClassVar[dict[str, Exception]]

    def questions(self) -> Questions:
        tells = {"to": users.c.email, "text": literal("Hello ") + users.c.name, "kind": "greeting"}
        return Questions(self._transaction, users, users.c.disabled_at.is_(None), tells)

    @classmethod
    async def ask(cls, outside: Any, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        cls.asked.append((job_id, asked))
        if error := cls.refused.pop(asked["to"], None):
            raise error


class Crew:
    """A worker that attempts one job after another."""

    def __init__(self, database: Database, settings: Settings, tenant_id: TenantId) -> None:
        own = {"name": f"greeting_{number()}", "asked": [], "refused": {}}
        self.work: type[Greeting] = type("OwnGreeting", (Greeting,), own)
        self._database = database
        self._tenant_id = tenant_id
        self._queue = Queue(database, [self.work.name], lease=LEASE, per_tenant=1)
        works = {self.work.name: self.work}
        self._runner = Runner(database, settings, self._queue, works, lambda: 0.0)

    async def begin(self) -> UUID:
        return await enqueue(self._database, self._tenant_id, self.work)

    async def once(self) -> Outcome | None:
        """Attempt the next job; None if none is due."""
        leases = await self._queue.take(1)
        return await self._runner.run(leases[0]) if leases else None

    async def to_the_end(self) -> list[Outcome]:
        found = []
        while outcome := await self.once():
            found.append(outcome)
        return found

    async def jobs(self) -> list[Job]:
        """Return the jobs about one row."""
        own = select(jobs).where(jobs.c.name == self.work.name, jobs.c.row_id.is_not(None))
        async with self._database.opened(WORKER_SCOPE) as transaction:
            return [hydrate(Job, row) for row in await transaction.all(own.order_by(jobs.c.row_id))]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a step find two rows."""
    for module in (questions, asking_each):
        monkeypatch.setattr(module, "AT_ONCE", 2)


@pytest.fixture
async def people(database: Database, tenant: TenantId, few: None) -> AsyncIterator[list[UUID]]:
    """Five people in a tenant."""
    questions._rows.cache_clear()
    made = []
    async with database.begin(tenant) as transaction:
        for _ in range(5):
            row = {**_user(COLLEAGUE), "id": new_id(), "created_at": PAST, "updated_at": PAST}
            await transaction.execute(insert(users).values(**row, tenant_id=tenant, version=1))
            made.append(row["id"])
    yield sorted(made)
    questions._rows.cache_clear()


@pytest.fixture
def crew(database: Database, job_settings: Settings, tenant: TenantId) -> Crew:
    return Crew(database, job_settings, tenant)


async def set_user(database: Database, tenant: TenantId, user_id: UUID, **values: Any) -> None:
    async with database.begin(tenant) as transaction:
        await transaction.execute(update(users).where(users.c.id == user_id).values(values))


async def address(database: Database, tenant: TenantId, user_id: UUID) -> str:
    async with database.read(tenant) as transaction:
        found: str = await transaction.scalar(select(users.c.email).where(users.c.id == user_id))
    return found


async def test_each_row_has_a_job_that_asks(
    database: Database, crew: Crew, people: list[UUID], tenant: TenantId
) -> None:
    run = await crew.begin()

    outcomes = await crew.to_the_end()

    own = await crew.jobs()
    assert outcomes == [Outcome.DONE] * 6
    assert [each.row_id for each in own] == people
    assert {each.run_id for each in own} == {run}
    assert {each.state for each in own} == {JobState.DONE}
    assert (await job(database, run)).progress["changed"] == 5
    assert sorted(asked["to"] for _, asked in crew.work.asked) == sorted(
        [await address(database, tenant, each) for each in people]
    )
    assert {asked["kind"] for _, asked in crew.work.asked} == {"greeting"}
    assert all(asked["text"].startswith("Hello ") for _, asked in crew.work.asked)


async def test_the_keys_of_what_is_asked_are_those_of_the_jobs(
    crew: Crew, people: list[UUID]
) -> None:
    await crew.begin()
    await crew.to_the_end()

    assert {key for key, _ in crew.work.asked} == {each.id for each in await crew.jobs()}
    assert len(people) == len(crew.work.asked)


async def test_who_is_refused_holds_up_nobody(
    database: Database, crew: Crew, people: list[UUID], tenant: TenantId
) -> None:
    refused = await address(database, tenant, people[0])
    crew.work.refused[refused] = HopelessError("no such address")
    await crew.begin()

    outcomes = await crew.to_the_end()

    states = {each.row_id: each.state for each in await crew.jobs()}
    assert outcomes.count(Outcome.DEAD) == 1
    assert states == dict.fromkeys(people, JobState.DONE) | {people[0]: JobState.DEAD}


async def test_an_attempt_that_failed_asks_for_the_same_again(
    database: Database, crew: Crew, people: list[UUID], tenant: TenantId
) -> None:
    known = await address(database, tenant, people[0])
    crew.work.refused[known] = OutsideError("not now")
    await crew.begin()

    outcomes = await crew.to_the_end()

    twice = [each for each in crew.work.asked if each[1]["to"] == known]
    assert outcomes.count(Outcome.FAILED) == 1
    assert len(twice) == 2
    assert twice[0] == twice[1]


async def test_a_run_that_broke_off_doubles_nothing(
    database: Database, crew: Crew, people: list[UUID]
) -> None:
    run = await crew.begin()
    await crew.to_the_end()

    # As if its last steps had been lost, and another worker went on from the beginning.
    await change(
        database, run, state=JobState.QUEUED, progress={"after": None, "changed": 0}, attempt=0
    )
    assert await crew.to_the_end() == [Outcome.DONE]

    assert [each.row_id for each in await crew.jobs()] == people
    assert len(crew.work.asked) == 5


async def test_nothing_is_asked_about_a_row_that_is_meant_no_longer(
    database: Database, crew: Crew, people: list[UUID], tenant: TenantId
) -> None:
    await crew.begin()
    assert await crew.once() is Outcome.DONE

    await set_user(database, tenant, people[1], disabled_at=PAST)
    await crew.to_the_end()

    states = {each.row_id: each.state for each in await crew.jobs()}
    assert set(states.values()) == {JobState.DONE}
    gone = await address(database, tenant, people[1])
    assert gone not in [asked["to"] for _, asked in crew.work.asked]
    assert len(crew.work.asked) == 4


async def test_other_tenants_are_left_alone(
    database: Database, crew: Crew, people: list[UUID], other_tenant: TenantId
) -> None:
    foreign = await enqueue(database, other_tenant, crew.work)

    assert await crew.to_the_end() == [Outcome.DONE]

    assert (await job(database, foreign)).progress["changed"] == 0
    assert crew.work.asked == []
    assert len(people) == 5
