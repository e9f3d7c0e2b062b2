"""The broker: what it says makes jobs begin sooner, and whatever it does nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import insert

from app.core.clock import SystemClock
from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.main import create_database
from app.models.job import JobState, Priority, jobs
from app.worker.announcing import Announcer
from app.worker.broker import create_broker, create_wire
from app.worker.messages import hint, queue_of
from app.worker.work import Work
from app.worker.worker import Duty, Worker
from tests.jobs.brokers import NOBODY, VARIABLES, own_queues, url_of
from tests.jobs.deeds import Deed, deed, deeds, enqueue, is_in, job, row_of, until
from tests.requirements import JOBS
from tests.world import number

pytestmark = [pytest.mark.requirement(*JOBS), pytest.mark.waits(3)]

NEVER = 60.0
"""How often a worker looks that has to be told of what there is to do."""

type Start = Callable[..., Any]


@pytest.fixture(params=VARIABLES)
def url(request: pytest.FixtureRequest) -> SecretStr:
    return url_of(request.param)


@pytest.fixture
def broker(url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    yield from own_queues(f"queues_{new_id()}", url, monkeypatch)


@pytest.fixture
def started(database: Database, job_settings: Settings) -> Start:
    @asynccontextmanager
    async def start(
        *works: type[Work], url: SecretStr, duties: Duty = Duty.ALL, **settings: Any
    ) -> AsyncIterator[Worker]:
        own = job_settings.model_copy(update=settings)
        wire = create_wire(url, database)
        worker = Worker(database, own, jobs=works, schedules=[], chance=lambda: 0.0, wire=wire)
        running = asyncio.create_task(worker.run(duties))
        await asyncio.sleep(0.5)
        try:
            yield worker
        finally:
            worker.stop()
            await asyncio.wait_for(running, 30)

    return start


@pytest.fixture
async def elsewhere(job_settings: Settings) -> AsyncIterator[Database]:
    """The database as another process has it open, of which workers here notice nothing."""
    database = create_database(job_settings, SystemClock())
    yield database
    await database.close()


@pytest.fixture
async def telling(elsewhere: Database, broker: Any) -> AsyncIterator[None]:
    """Let that other process tell the broker of its jobs."""
    announcer = Announcer(elsewhere, broker)
    running = asyncio.create_task(announcer.run())
    yield
    announcer.stop()
    await running


@pytest.mark.usefixtures("telling")
async def test_a_worker_is_told_of_what_another_process_queues(
    database: Database, elsewhere: Database, tenant: TenantId, started: Start, url: SecretStr
) -> None:
    work = deed()
    async with started(work, url=url, worker_poll=NEVER):
        job_id = await enqueue(elsewhere, tenant, work)
        await until(lambda: is_in(database, [job_id], JobState.DONE), 15)

    assert (await job(database, job_id)).told_at is not None


@pytest.mark.usefixtures("broker")
async def test_without_word_of_it_a_worker_has_to_look(
    database: Database, elsewhere: Database, tenant: TenantId, started: Start, url: SecretStr
) -> None:
    work = deed()
    async with started(work, url=url, worker_poll=NEVER, worker_lease=600.0):
        job_id = await enqueue(elsewhere, tenant, work)
        await asyncio.sleep(1)
        assert (await job(database, job_id)).state is JobState.QUEUED


async def test_word_of_one_job_that_comes_often_lets_it_run_once(
    database: Database,
    elsewhere: Database,
    tenant: TenantId,
    started: Start,
    url: SecretStr,
    broker: Any,
) -> None:
    work = deed(lambda _: asyncio.sleep(0.3))
    async with started(work, url=url, worker_poll=NEVER), started(work, url=url, worker_poll=NEVER):
        job_id = await enqueue(elsewhere, tenant, work)
        for _ in range(10):
            await asyncio.to_thread(broker.enqueue, hint(Priority.NORMAL, [job_id]))
        await until(lambda: is_in(database, [job_id], JobState.DONE), 10)
        await asyncio.sleep(0.5)

    assert (await job(database, job_id)).attempt == await deeds(database, tenant) == 1


@pytest.mark.parametrize("poison", [b"\xff\xfe", b"{}", b"null", b'{"args":[["x"]]}'])
async def test_what_cannot_be_read_holds_nothing_up(
    database: Database,
    elsewhere: Database,
    tenant: TenantId,
    started: Start,
    url: SecretStr,
    broker: Any,
    poison: bytes,
) -> None:
    works = [deed() for _ in range(5)]
    ids = [await enqueue(elsewhere, tenant, each) for each in works]
    for place, job_id in enumerate(ids):
        if place == 2:
            put(broker, poison)
        await asyncio.to_thread(broker.enqueue, hint(Priority.NORMAL, [job_id]))

    async with started(*works, url=url, worker_poll=NEVER, worker_jobs_per_tenant=9):
        await until(lambda: is_in(database, ids, JobState.DONE), 10)
        await until(lambda: _is_buried(broker), 10)


async def test_without_a_broker_jobs_are_done_all_the_same(
    database: Database, tenant: TenantId, started: Start
) -> None:
    work = deed()
    async with started(work, url=NOBODY):
        ids = [await enqueue(database, tenant, work) for _ in range(3)]
        await until(lambda: is_in(database, ids, JobState.DONE), 20)


@pytest.mark.usefixtures("telling")
async def test_nobody_is_told_of_what_is_rolled_back(
    database: Database, elsewhere: Database, tenant: TenantId, started: Start, url: SecretStr
) -> None:
    async def queue_and_fail() -> None:
        async with elsewhere.opened(WORKER_SCOPE) as transaction:
            await enqueue_within(transaction, tenant, work)
            raise KeyError

    work = deed()
    async with started(work, url=url):
        with pytest.raises(KeyError):
            await queue_and_fail()
        kept = await enqueue(elsewhere, tenant, work)
        await until(lambda: is_in(database, [kept], JobState.DONE), 10)

    assert await deeds(database, tenant) == 1


@pytest.mark.usefixtures("broker")
async def test_who_only_keeps_the_queue_runs_no_job(
    database: Database, tenant: TenantId, started: Start, url: SecretStr
) -> None:
    work = deed()
    job_id = await enqueue(database, tenant, work)
    async with started(work, url=url, duties=Duty.QUEUE):
        await asyncio.sleep(0.5)
        assert (await job(database, job_id)).state is JobState.QUEUED
    async with started(work, url=url, duties=Duty.JOBS):
        await until(lambda: is_in(database, [job_id], JobState.DONE), 10)


@pytest.mark.parametrize("url", ["redis:///1", "http://host", "host", "amqp:"])
def test_a_broker_has_a_scheme_and_a_host(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 3)
    monkeypatch.setenv("BROKER_URL", url)

    with pytest.raises(ValidationError, match="broker_url"):
        Settings()


def test_a_broker_that_is_away_says_nothing() -> None:
    with pytest.raises(Exception, match="refused"):
        create_broker(NOBODY).ping()


def put(broker: Any, data: bytes) -> None:
    """Put bytes into the queue as they are."""
    queue = queue_of(Priority.NORMAL)
    if hasattr(broker, "do_enqueue"):
        broker.do_enqueue(queue, f"poison-{number()}", data)
        return
    broker.declare_queue(queue, ensure=True)
    broker.channel.basic_publish(exchange="", routing_key=queue, body=data)


async def _is_buried(broker: Any) -> bool:
    """Return whether there is something among the broker's own dead letters."""
    queue = queue_of(Priority.NORMAL)
    if hasattr(broker, "get_queue_message_counts"):
        return bool((await asyncio.to_thread(broker.get_queue_message_counts, queue))[2])
    return bool(broker.client.zcard(f"{broker.namespace}:{queue}.XQ"))


async def enqueue_within(transaction: Any, tenant: TenantId, work: type[Deed]) -> None:
    """Queue a job within a transaction that is open."""
    await transaction.execute(insert(jobs).values(row_of(tenant, work)))
