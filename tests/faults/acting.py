"""Processes of the example with work of its own, run by the harness in the example's folder.

acting.py work                    run jobs until a signal
acting.py queue WORK NUMBER ...   queue jobs, each for a tenant of its own, and print their ids
acting.py tick CRON CATCH_UP OVERLAP TICKS STEP ...
                                  fire a schedule by a clock of its own, and print how often
"""

import asyncio
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path.cwd()))

from app.core.clock import SystemClock
from app.core.config import load_settings
from app.core.ids import TenantId, new_id
from app.core.logging import configure_logging
from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.main import create_database
from app.models.job import JobState, Priority, jobs
from app.models.tenant import tenants
from app.worker import messages
from app.worker.announcing import Announcer
from app.worker.broker import create_broker, create_wire
from app.worker.schedule import CatchUp, Overlap, Schedule
from app.worker.scheduler import Scheduler
from app.worker.work import Progress, Retry, Work
from app.worker.worker import Worker
from sqlalchemy import insert

LOG = os.open(os.environ["STEPS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


class Deed(Work):
    """Leaves one audit entry a step, in the transaction of the step."""

    timeout: ClassVar = timedelta(seconds=60)
    retry: ClassVar = Retry(attempts=3, base=timedelta(seconds=1), cap=timedelta(seconds=1))
    steps: ClassVar[int] = 1

    async def step(self, progress: Progress) -> Progress:
        os.write(LOG, f"{time.time()} {os.getpid()} {self.name} {self._tenant_id}\n".encode())
        await self.act()
        await self._audit.record("deed.do", "deed", new_id())
        count = progress.changed + 1
        return replace(progress, changed=count, finished=count >= self.steps)

    async def act(self) -> None:
        """Do what this kind does before the entry."""


class Quick(Deed):
    name: ClassVar = "quick"


class Urgent(Deed):
    name: ClassVar = "urgent"
    priority: ClassVar = Priority.HIGH


class Patient(Deed):
    name: ClassVar = "patient"
    priority: ClassVar = Priority.LOW

    async def act(self) -> None:
        await asyncio.sleep(0.05)


class Slow(Deed):
    name: ClassVar = "slow"
    steps: ClassVar = 3

    async def act(self) -> None:
        await asyncio.sleep(0.7)


class Flaky(Deed):
    """Fails as often as its name says, and is done then."""

    failures: ClassVar[int]

    async def act(self) -> None:
        lines = Path(os.environ["STEPS"]).read_text().splitlines()
        if sum(line.endswith(f" {self.name} {self._tenant_id}") for line in lines) <= self.failures:
            raise ConnectionError


class Flaky0(Flaky):
    name: ClassVar = "flaky0"
    failures: ClassVar = 0


class Flaky1(Flaky):
    name: ClassVar = "flaky1"
    failures: ClassVar = 1


class Flaky2(Flaky):
    name: ClassVar = "flaky2"
    failures: ClassVar = 2


class Flaky3(Flaky):
    name: ClassVar = "flaky3"
    failures: ClassVar = 3


class Endless(Deed):
    """Waits for longer than it may."""

    name: ClassVar = "endless"
    timeout: ClassVar = timedelta(seconds=1)

    async def act(self) -> None:
        await asyncio.sleep(60)


class Stuck(Deed):
    """Lets the whole process wait for longer than a lease, the first time."""

    name: ClassVar = "stuck"

    async def act(self) -> None:
        marked = Path(os.environ["FAILS"]).with_name("stuck")
        if not marked.exists():
            marked.touch()
            time.sleep(6)  # this is the fault


class Failing(Deed):
    """Fails until the file that FAILS names is gone."""

    name: ClassVar = "failing"

    async def act(self) -> None:
        await asyncio.sleep(0.3)
        if Path(os.environ["FAILS"]).exists():
            raise ConnectionError


class Deadly(Deed):
    name: ClassVar = "deadly"

    async def act(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


WORKS: dict[str, type[Deed]] = {
    each.name: each
    for each in (
        *(Quick, Urgent, Patient, Slow, Failing, Deadly),
        *(Flaky0, Flaky1, Flaky2, Flaky3, Endless, Stuck),
    )
}


async def work() -> None:
    """Run jobs until a signal."""
    settings = load_settings()
    database = create_database(settings, SystemClock())
    wire = create_wire(settings.broker_url, database)
    worker = Worker(database, settings, jobs=[*WORKS.values()], schedules=[], wire=wire)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
    await database.close()


async def queue(kind: str, number: int, *options: str) -> None:
    """Queue jobs in one transaction for each 100, tell the broker as a service does, print ids."""
    settings = load_settings()
    database = create_database(settings, SystemClock())
    announcer = (
        Announcer(database, create_broker(settings.broker_url)) if settings.broker_url else None
    )
    telling = asyncio.create_task(announcer.run()) if announcer else None
    ids = [await add_tenant(database) for _ in range(number)]
    wait = next((float(each[6:]) for each in options if each.startswith("after-")), 0.0)
    started = time.monotonic()
    try:
        for begin in range(0, number, 100):
            async with database.opened(WORKER_SCOPE) as transaction:
                rows = [row(WORKS[kind], each, wait) for each in ids[begin : begin + 100]]
                await transaction.execute(insert(jobs).values(rows))
                if "rolled-back" in options:
                    raise KeyError(kind)  # noqa: TRY301
    except KeyError:
        pass
    seconds = time.monotonic() - started
    await asyncio.sleep(0.5)
    if announcer and telling:
        announcer.stop()
        await asyncio.wait([telling], timeout=5)
    await database.close()
    print(f"{seconds:.3f}", *ids)  # noqa: T201


async def add_tenant(database: Database) -> TenantId:
    """Add the tenant of one job; the job has the same id."""
    tenant_id = TenantId(new_id())
    now = datetime.now(UTC)
    values = {"name": "Faults", "created_at": now, "updated_at": now, "version": 1}
    async with database.begin(tenant_id) as transaction:
        await transaction.execute(insert(tenants).values(id=tenant_id, **values))
    return tenant_id


def row(kind: type[Deed], tenant_id: TenantId, wait: float) -> dict[str, Any]:
    """Return the row of a job that is due, or will be."""
    due = datetime.now(UTC) + timedelta(seconds=wait) if wait else database_now()
    return {
        **{"id": tenant_id, "tenant_id": tenant_id, "name": kind.name, "schedule": "faults"},
        **{"scheduled_for": datetime.now(UTC), "state": JobState.QUEUED, "attempt": 0},
        **{"priority": kind.priority, "run_at": due, "created_at": database_now()},
        **{"max_attempts": kind.retry.attempts, "progress": Progress().document(), "history": []},
    }


class Stepping:
    """A clock that says what it is told to."""

    def __init__(self, now: datetime) -> None:
        self.instant = now

    def now(self) -> datetime:
        return self.instant


async def tick(cron: str, catch_up: str, overlap: str, ticks: int, *steps: str) -> None:
    """Let a scheduler look `ticks` times, with steps of so many seconds in turn between them."""
    settings = load_settings()
    database = create_database(settings, SystemClock())
    schedule = Schedule(
        name="faults-clock",
        jobs=(Quick,),
        cron=cron,
        zone="UTC",
        catch_up=CatchUp(catch_up),
        overlap=Overlap(overlap),
    )
    clock = Stepping(datetime.fromisoformat(os.environ["CLOCK"]))
    scheduler = Scheduler(database, [schedule], clock)
    for number in range(ticks):
        await scheduler.tick()
        clock.instant += timedelta(seconds=float(steps[number % len(steps)]))
    await database.close()
    print(clock.instant.isoformat())  # noqa: T201


if __name__ == "__main__":
    configure_logging("WARNING")
    if "QUEUES" in os.environ:
        messages.SERVICE = os.environ["QUEUES"]
    if sys.argv[1] == "work":
        asyncio.run(work())
    elif sys.argv[1] == "tick":
        asyncio.run(tick(*sys.argv[2:5], int(sys.argv[5]), *sys.argv[6:]))
    else:
        asyncio.run(queue(sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))
