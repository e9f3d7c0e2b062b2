"""Tells the broker of jobs that are due, once they are committed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any, Final
from uuid import UUID

from dramatiq import Broker
from loguru import logger
from sqlalchemy import Integer, Row, bindparam, select, update

from app.db.clock import database_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import named, one_of
from app.db.statements import Fixed
from app.models.job import JobState, Priority, jobs
from app.worker.messages import JOBS_AT_ONCE, hint
from app.worker.steadily import tried

_ROWS_AT_ONCE: Final = 256
_PAUSE_SECONDS: Final = 0.02
"""The shortest time between two looks at the rows, however often something changes."""
_AWAY_SECONDS: Final = 1.0
"""How long a broker that does not answer is left in peace."""
_UNTOLD: Final = Fixed(
    select(jobs.c.id, jobs.c.priority)
    .where(
        jobs.c.state == JobState.QUEUED,
        jobs.c.told_at.is_(None),
        jobs.c.run_at <= database_now(),
    )
    .order_by(jobs.c.run_at)
    .limit(bindparam("given.limit", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_TOLD: Final = Fixed(update(jobs).where(one_of(jobs.c.id, "ids")).values(told_at=database_now()))


class Announcer:
    """Sends a message for each job that is due, when this process has changed jobs.

    It does so beside whatever has changed them, which neither waits for the broker nor fails
    with it. What it does not tell of, workers find when they look for themselves.
    """

    def __init__(self, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="broker")
        self._bell = asyncio.Event()
        self._stopping = False
        database.when_changed([jobs], lambda _: self._bell.set())

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        """Tell of jobs until told to stop."""
        while not self._stopping:
            await self._bell.wait()
            self._bell.clear()
            while await tried(self._tell_of_some):
                pass
            await asyncio.sleep(_PAUSE_SECONDS)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _tell_of_some(self) -> bool:
        """Tell of jobs of which nobody was told; return whether there may be more."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            rows = await transaction.all(_UNTOLD, named({"limit": _ROWS_AT_ONCE}))
            if rows:
                await transaction.execute(_TOLD, named({"ids": [row.id for row in rows]}))
        return await self._sent(rows) and len(rows) == _ROWS_AT_ONCE

    async def _sent(self, rows: Sequence[Row[Any]]) -> bool:
        """Send messages about some jobs; return whether the broker took them."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._send, _by_priority(rows))
        except Exception as error:  # noqa: BLE001  # each client has errors of its own
            logger.bind(error=type(error).__name__).warning("the broker does not answer")
            await asyncio.sleep(_AWAY_SECONDS)
            return False
        return True

    def _send(self, due: Iterable[tuple[Priority, Sequence[UUID]]]) -> None:
        for priority, ids in due:
            self._broker.enqueue(hint(priority, ids))


def _by_priority(rows: Sequence[Row[Any]]) -> list[tuple[Priority, Sequence[UUID]]]:
    """Return the ids of some jobs as messages tell of them: the most urgent ones first."""
    ids: defaultdict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        ids[row.priority].append(row.id)
    return [
        (Priority(number), some)
        for number in sorted(ids)
        for some in batched(ids[number], JOBS_AT_ONCE, strict=False)
    ]
