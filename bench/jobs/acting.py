"""Processes of the built backend for `run.py`, started in its folder.

acting.py fill N          add N tenants
acting.py queue N         queue a job for each of N tenants, and tell the broker if there is one
acting.py work N          run jobs until N are done, and print what that took
acting.py alone N         queue N jobs one by one in the process that runs them
acting.py wait            run jobs until a signal
acting.py ask N           queue N jobs one by one for another process
acting.py relay N         relay N events that wait in the outbox, each to a job
"""

import asyncio
import json
import random
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final
from uuid import UUID

sys.path.insert(0, str(Path.cwd()))

import uvloop
from app.core.clock import SystemClock
from app.core.config import load_settings
from app.core.ids import TenantId, new_id
from app.core.logging import configure_logging
from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import TENANT, given
from app.db.statements import Fixed
from app.events.base import Event
from app.main import create_database
from app.models.job import JobState, jobs
from app.models.tenant import tenants
from app.worker.announcing import Announcer
from app.worker.broker import create_broker, create_wire
from app.worker.on_event import OnEvent
from app.worker.relay import Relay
from app.worker.work import Progress, Retry, Work
from app.worker.worker import Worker
from sqlalchemy import insert, select, update

SETTINGS: Final = load_settings()
COUNTED: Final = Fixed(
    update(tenants).where(tenants.c.id == TENANT).values(version=tenants.c.version + 1)
)
BEGUN: dict[str, float] = {}


class OneUpdate(Work):
    """Changes one row."""

    name: ClassVar = "one_update"
    timeout: ClassVar = timedelta(seconds=60)
    retry: ClassVar = Retry(attempts=3, base=timedelta(seconds=2), cap=timedelta(minutes=10))

    async def step(self, progress: Progress) -> Progress:
        """Change it, and note when."""
        BEGUN[str(self._tenant_id)] = time.time()
        await self._transaction.execute(COUNTED, given(self._tenant_id))
        return replace(progress, changed=1, finished=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something of which a job hears."""

    NAME: ClassVar[str] = "Happened"
    id: UUID


class Hearing(OnEvent[Happened], OneUpdate):
    """Changes one row for each event."""

    name: ClassVar = "hearing"
    on: ClassVar = (Happened,)


def worker_of(database: Database) -> Worker:
    """Return what runs the jobs."""
    wire = create_wire(SETTINGS.broker_url, database)
    return Worker(database, SETTINGS, jobs=[OneUpdate], schedules=[], wire=wire)


async def fill(database: Database, number: int) -> None:
    """Add tenants."""
    now = datetime.now(UTC)
    for _ in range(number):
        tenant_id = TenantId(new_id())
        values = {"name": "Bench", "created_at": now, "updated_at": now, "version": 1}
        async with database.begin(tenant_id) as transaction:
            await transaction.execute(insert(tenants).values(id=tenant_id, **values))


async def queue(database: Database, number: int) -> None:
    """Queue a job for each of so many tenants."""
    telling = _telling(database)
    ids = await _tenants(database, number)
    for begin in range(0, number, 100):
        async with database.opened(WORKER_SCOPE) as transaction:
            rows = [_row(each) for each in ids[begin : begin + 100]]
            await transaction.execute(insert(jobs).values(rows))
    # Until the broker has heard of all of them.
    for _ in range(600):
        await asyncio.sleep(0.1)
        async with database.opened(WORKER_SCOPE) as transaction:
            untold = select(jobs.c.id).where(jobs.c.told_at.is_(None)).limit(1)
            if telling is None or await transaction.scalar(untold) is None:
                break


async def work(database: Database, number: int) -> None:
    """Run jobs until so many are done."""
    worker = worker_of(database)
    used = time.process_time()
    running = asyncio.create_task(worker.run())
    while len(BEGUN) < number:
        await asyncio.sleep(0.05)
    seconds = max(BEGUN.values()) - min(BEGUN.values())
    used = time.process_time() - used
    worker.stop()
    await running
    print(json.dumps({"per_second": number / seconds, "cpu_ms": used / number * 1000}))


async def wait(database: Database, _: int) -> None:
    """Run jobs until a signal; then print when each began."""
    worker = worker_of(database)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
    print(json.dumps(BEGUN))


async def ask(database: Database, number: int) -> None:
    """Queue jobs one by one for another process; print when each was committed."""
    _telling(database)
    print(json.dumps(await _asked(database, number)))


async def alone(database: Database, number: int) -> None:
    """Queue jobs one by one in the process that runs them; print how long each waited."""
    worker = worker_of(database)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(1)
    asked = await _asked(database, number)
    worker.stop()
    await running
    print(json.dumps([BEGUN[each] - at for each, at in asked.items()]))


async def relay(database: Database, number: int) -> None:
    """Relay all events of the outbox."""
    keep = timedelta(days=30)
    waiting = Relay(database, [Hearing], [Happened], keep=keep)
    used, begun = time.process_time(), time.perf_counter()
    while await waiting.relay():
        pass
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    print(json.dumps({"per_second": number / seconds, "cpu_ms": used / number * 1000}))


async def _asked(database: Database, number: int) -> dict[str, float]:
    asked = {}
    for tenant_id in await _tenants(database, number):
        await asyncio.sleep(random.uniform(0.2, 0.5))  # noqa: S311  # any time will do
        async with database.opened(WORKER_SCOPE) as transaction:
            await transaction.execute(insert(jobs).values(_row(tenant_id)))
        asked[str(tenant_id)] = time.time()
    await asyncio.sleep(2)
    return asked


def _telling(database: Database) -> asyncio.Task[None] | None:
    if SETTINGS.broker_url is None:
        return None
    return asyncio.create_task(Announcer(database, create_broker(SETTINGS.broker_url)).run())


async def _tenants(database: Database, number: int) -> list[UUID]:
    async with database.opened(WORKER_SCOPE) as transaction:
        rows = await transaction.all(select(tenants.c.id).limit(number))
    return [row.id for row in rows]


def _row(tenant_id: UUID) -> dict[str, Any]:
    return {
        **{"id": new_id(), "tenant_id": tenant_id, "name": OneUpdate.name, "schedule": "bench"},
        **{"scheduled_for": datetime.now(UTC), "state": JobState.QUEUED, "attempt": 0},
        **{"run_at": database_now(), "created_at": database_now(), "max_attempts": 3},
        **{"progress": Progress().document(), "history": []},
    }


async def main(act: str, number: int) -> None:
    """Do what the command says."""
    database = create_database(SETTINGS, SystemClock())
    acts = (fill, queue, work, wait, ask, alone, relay)
    await {each.__name__: each for each in acts}[act](database, number)
    await database.close()


if __name__ == "__main__":
    configure_logging("WARNING")
    with suppress(KeyboardInterrupt):
        uvloop.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
