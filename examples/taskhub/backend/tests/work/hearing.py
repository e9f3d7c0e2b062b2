"""Jobs that an event starts, from the outbox to their end, in the tenant of somebody."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from app.core.settings import Settings
from app.db.jobs_security import RELAY_SCOPE
from app.events.base import Event
from app.events.outbox import Outbox
from app.jobs import EVENTS, JOBS
from app.models.job import jobs
from app.models.outbox_message import outbox_messages
from app.worker.queue import Queue
from app.worker.relay import Relay
from app.worker.run import Runner
from app.worker.work import Outside, Progress, Work
from tests.world import Person

_KEEP: Final = timedelta(days=30)
_LEASE: Final = timedelta(minutes=1)


class UndoneError(Exception):
    """Whatever announced the event was not to be."""


async def heard(
    by: Person,
    event: Event,
    job: type[Work],
    settings: Settings,
    outside: Outside | None = None,
) -> list[Progress]:
    """Announce `event` and relay it; return how far each run of `job` came that it started."""
    await _relay(by)
    async with by.database.begin(by.tenant_id) as transaction:
        await Outbox(transaction).add(event)
    return await _followed(by, job, settings, outside)


async def heard_again(
    by: Person, job: type[Work], settings: Settings, outside: Outside | None = None
) -> list[Progress]:
    """Relay all events of the tenant once more; return how far each further run of `job` came."""
    again = update(outbox_messages).where(outbox_messages.c.tenant_id == by.tenant_id)
    async with by.database.opened(RELAY_SCOPE) as transaction:
        await transaction.execute(again.values(published_at=None))
    return await _followed(by, job, settings, outside)


async def undone(
    by: Person,
    event: Event,
    job: type[Work],
    settings: Settings,
    outside: Outside | None = None,
) -> list[Progress]:
    """Announce `event` with a change that is rolled back; return the runs of `job` all the same."""
    await _relay(by)
    with suppress(UndoneError):
        async with by.database.begin(by.tenant_id) as transaction:
            await Outbox(transaction).add(event)
            raise UndoneError
    return await _followed(by, job, settings, outside)


async def _relay(by: Person, *works: type[Work]) -> None:
    relay = Relay(by.database, works, EVENTS, keep=_KEEP)
    while await relay.relay():
        pass


async def _followed(
    by: Person, job: type[Work], settings: Settings, outside: Outside | None
) -> list[Progress]:
    await _relay(by, job)
    queue = Queue(by.database, [job.name], lease=_LEASE, per_tenant=1)
    works = {job.name: job} | {each.name: each for each in JOBS}
    runner = Runner(by.database, settings, queue, works, lambda: 0.0, outside)
    found = []
    while leases := await queue.take(1):
        [lease] = leases
        if lease.tenant_id != by.tenant_id:
            # Another test has left it.
            continue
        await runner.run(lease)
        of_run = select(jobs.c.progress).where(jobs.c.id == lease.id)
        async with by.database.opened(RELAY_SCOPE) as transaction:
            found.append(Progress.parse(await transaction.scalar(of_run)))
    return found
