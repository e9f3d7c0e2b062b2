"""Jobs that ask other services: once, while no transaction is open, and patient."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from loguru import logger

from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.integrations.breaker import State
from app.integrations.connection import Connection
from app.integrations.policies import Breaking
from app.models.job import Job, JobState
from app.worker.asking import AskOnce
from app.worker.run import Outcome, Runner
from app.worker.work import Retry
from tests.integrations.asking import BODY, TOKEN, ask
from tests.integrations.conftest import Connecting
from tests.jobs.deeds import PAST, change, enqueue, job, queue
from tests.requirements import INTEGRATIONS
from tests.stubs.faults import SAID, Fault
from tests.stubs.server import Stub
from tests.world import number

pytestmark = pytest.mark.requirement(*INTEGRATIONS)


class Telling(AskOnce):
    """Tells something to the stub."""

    name: ClassVar = "telling"
    timeout: ClassVar = timedelta(seconds=20)
    retry: ClassVar = Retry(attempts=3, base=timedelta(seconds=2), cap=timedelta(minutes=10))

    def question(self) -> dict[str, object]:
        return dict(BODY)

    @classmethod
    async def ask(cls, outside: Any, asked: Mapping[str, Any], *, job_id: UUID) -> None:
        assert asked == BODY
        await ask(outside.connection, key=job_id)


class Outside:
    """The stub, as jobs reach it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def troubled(self) -> Mapping[str, str]:
        return {}

    async def close(self) -> None:
        await self.connection.close()


class Attempts:
    """Attempts jobs one after another, as a worker does, without waiting in between."""

    def __init__(self, database: Database, settings: Settings, connection: Connection) -> None:
        self.work = type("OwnTelling", (Telling,), {"name": f"telling_{number()}"})
        self._database = database
        self._queue = queue(database, self.work.name)
        outside = Outside(connection)
        works = {self.work.name: self.work}
        self._runner = Runner(database, settings, self._queue, works, lambda: 1.0, outside)

    async def once(self, job_id: UUID) -> tuple[Outcome, Job]:
        await change(self._database, job_id, run_at=PAST)
        [lease] = await self._queue.take(1)
        return await self._runner.run(lease), await job(self._database, job_id)


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    lines: list[Any] = []
    sink = logger.add(lambda message: lines.append(message.record["extra"]), level="TRACE")
    yield lines
    logger.remove(sink)


class Instrumented:
    """Tells how many transactions are open."""

    def __init__(self, database: Database, patch: pytest.MonkeyPatch) -> None:
        self.open = 0
        begin = database.begin

        def counted(*arguments: Any, **options: Any) -> "_Counted":
            return _Counted(begin(*arguments, **options), self)

        patch.setattr(database, "begin", counted)


class _Counted:
    def __init__(self, transaction: Any, counts: Instrumented) -> None:
        self._transaction = transaction
        self._counts = counts

    async def __aenter__(self) -> Any:
        self._counts.open += 1
        return await self._transaction.__aenter__()

    async def __aexit__(self, *error: object) -> Any:
        ended = await self._transaction.__aexit__(*error)
        self._counts.open -= 1
        return ended


async def test_it_asks_once(
    database: Database, job_settings: Settings, tenant: TenantId, connecting: Connecting, stub: Stub
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)

    outcome, done = await attempts.once(job_id)

    assert (outcome, done.state, done.attempt) == (Outcome.DONE, JobState.DONE, 1)
    assert [(effect.key, effect.values) for effect in stub.effects] == [(str(job_id), BODY)]
    assert "asked" not in done.progress


async def test_no_transaction_is_open_while_it_asks(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    connecting: Connecting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)
    counts, seen = Instrumented(database, monkeypatch), []
    asks = attempts.work.ask

    async def watched(outside: Any, asked: Any, *, job_id: UUID) -> None:
        seen.append(counts.open)
        await asks(outside, asked, job_id=job_id)
        seen.append(counts.open)

    monkeypatch.setattr(attempts.work, "ask", watched)
    outcome, _ = await attempts.once(job_id)

    assert outcome is Outcome.DONE
    assert seen == [0, 0]


async def test_a_worker_that_dies_after_it_was_done_leaves_one_effect(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    connecting: Connecting,
    stub: Stub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)
    kept = attempts._queue.keep

    def die(transaction: Any, lease: Any, progress: Any) -> None:
        if progress.finished:
            raise KeyError
        kept(transaction, lease, progress)

    with monkeypatch.context() as patch:
        patch.setattr(attempts._queue, "keep", die)
        outcome, _ = await attempts.once(job_id)
    assert outcome is Outcome.FAILED
    assert len(stub.effects) == 1

    outcome, _ = await attempts.once(job_id)

    assert outcome is Outcome.DONE
    assert len(stub.asked) == 2
    assert [effect.key for effect in stub.effects] == [str(job_id)]


async def test_what_fails_is_attempted_again_and_dead_at_last(
    database: Database, job_settings: Settings, tenant: TenantId, connecting: Connecting, stub: Stub
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)
    stub.fail(Fault.ERROR, times=1000)

    outcomes = [await attempts.once(job_id) for _ in range(3)]

    assert [outcome for outcome, _ in outcomes] == [Outcome.FAILED, Outcome.FAILED, Outcome.DEAD]
    dead = outcomes[-1][1]
    assert {entry["error"] for entry in dead.history} == {"other.tell: status 500"}


async def test_what_is_refused_is_dead_at_once(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    connecting: Connecting,
    stub: Stub,
    logged: list[Any],
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)
    stub.fail(Fault.REFUSE)

    outcome, dead = await attempts.once(job_id)

    assert (outcome, dead.state, dead.attempt) == (Outcome.DEAD, JobState.DEAD, 1)
    assert [entry["error"] for entry in dead.history] == ["other.tell: status 400"]
    assert SAID not in str(dead.history)
    assert TOKEN not in str(logged)
    assert not [value for value in BODY.values() if value in str(logged)]


async def test_while_the_circuit_is_open_jobs_wait_and_lose_no_attempt(
    database: Database, job_settings: Settings, tenant: TenantId, connecting: Connecting, stub: Stub
) -> None:
    breaker = Breaking(failures=3, within=timedelta(seconds=30), open=timedelta(seconds=60))
    connection = connecting(breaker=breaker)
    attempts = Attempts(database, job_settings, connection)
    job_id = await enqueue(database, tenant, attempts.work)
    stub.fail(Fault.ERROR, times=3)
    await attempts.once(job_id)
    assert connection.state is State.OPEN

    for _ in range(5):
        outcome, waiting = await attempts.once(job_id)

        assert (outcome, waiting.state) == (Outcome.HELD, JobState.QUEUED)
        assert (waiting.attempt, len(waiting.history)) == (1, 1)
        wait = waiting.run_at - datetime.now(UTC)
        assert timedelta(seconds=55) < wait < timedelta(seconds=65)
    assert len(stub.asked) == 3


async def test_what_is_busy_is_not_asked_before_its_time(
    database: Database, job_settings: Settings, tenant: TenantId, connecting: Connecting, stub: Stub
) -> None:
    attempts = Attempts(database, job_settings, connecting())
    attempts.work.retry = Retry(attempts=3, base=timedelta(), cap=timedelta())
    job_id = await enqueue(database, tenant, attempts.work)
    stub.fail(Fault.BUSY)

    outcome, waiting = await attempts.once(job_id)

    assert outcome is Outcome.FAILED
    assert waiting.run_at - datetime.now(UTC) > timedelta(seconds=0.5)


async def test_it_asks_again_for_what_it_asked_for_first(
    database: Database,
    job_settings: Settings,
    tenant: TenantId,
    connecting: Connecting,
    stub: Stub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def other(_: Telling) -> dict[str, object]:
        return {**BODY, "text": "Something else"}

    attempts = Attempts(database, job_settings, connecting())
    job_id = await enqueue(database, tenant, attempts.work)
    stub.fail(Fault.LOSE, times=3)
    await attempts.once(job_id)
    monkeypatch.setattr(attempts.work, "question", other)

    outcome, _ = await attempts.once(job_id)

    assert outcome is Outcome.DONE
    assert [effect.values for effect in stub.effects] == [BODY]
