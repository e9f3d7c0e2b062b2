"""Relays events from the outbox to the jobs that they start.

Any number of relays may run. Each takes rows that nobody else is taking, and queues a job for each
that is to hear of them; both happen in one transaction, so that an event is neither lost nor heard
twice. They are taken by what became of them and never by a mark of how far one has come: a
transaction that commits late is not passed over.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from loguru import logger
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import new_id
from app.db.clock import database_now, from_now
from app.db.engine import Database
from app.db.jobs_security import RELAY_SCOPE
from app.db.parameters import named, one_of, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.events.base import Event
from app.events.reading import Announced, UnreadableEventError, read
from app.models.job import JobState, jobs
from app.models.outbox_message import Parked, outbox_messages
from app.worker.beside import Listener
from app.worker.metrics import (
    EVENTS_PARKED,
    EVENTS_RELAYED,
    OUTBOX_PARKED,
    OUTBOX_WAITING,
    OUTBOX_WAITING_SECONDS,
)
from app.worker.work import Progress, Work

AT_ONCE: Final = 200
"""How many events one transaction relays."""
_REMOVED_AT_ONCE: Final = 1000
_NOT_BEGUN: Final = Progress().document()
_OF_EVENT: Final = (
    *("id", "tenant_id", "name", "event", "event_id", "payload", "correlation_id", "priority"),
    *("run_at", "max_attempts", "progress", "row_id"),
)
"""What a job that an event starts has of it and of its work."""
_PENDING: Final = (
    outbox_messages.c.published_at.is_(None),
    outbox_messages.c.parked_at.is_(None),
)
_NEXT: Final = Fixed(
    select(outbox_messages, database_now().label("now"))
    .where(*_PENDING)
    .order_by(outbox_messages.c.occurred_at, outbox_messages.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
_PUBLISHED: Final = Fixed(
    update(outbox_messages)
    .where(one_of(outbox_messages.c.id, "ids"))
    .values(published_at=database_now())
)
_PARKED: Final = Fixed(
    update(outbox_messages)
    .where(one_of(outbox_messages.c.id, "ids"))
    .values(
        parked_at=database_now(),
        parked_because=parameter("reason", outbox_messages.c.parked_because),
    )
)
_REVIVED: Final = Fixed(
    update(outbox_messages)
    .where(outbox_messages.c.parked_at.is_not(None), one_of(outbox_messages.c.type, "types"))
    .values(parked_at=None, parked_because=None)
)
_BACKLOG: Final = Fixed(
    select(
        func.count().label("size"),
        func.min(outbox_messages.c.occurred_at).label("since"),
        database_now().label("now"),
    ).where(*_PENDING)
)
_LAID_ASIDE: Final = Fixed(
    select(func.count())
    .select_from(outbox_messages)
    .where(outbox_messages.c.parked_at.is_not(None))
)
_OLD: Final = (
    select(outbox_messages.c.id)
    .where(outbox_messages.c.published_at < from_now("since"))
    .limit(_REMOVED_AT_ONCE)
)
_OLD_REMOVED: Final = Fixed(delete(outbox_messages).where(outbox_messages.c.id.in_(_OLD)))


class Relay:
    """Queues the jobs that events start.

    Args:
        database: Where the outbox is, and the queue.
        works: What there is to do; only what has events in `on` hears of any.
        events: All that this version of the service announces.
        keep: How long events stay that were relayed.
        listeners: What hears of events besides jobs.
    """

    def __init__(
        self,
        database: Database,
        works: Iterable[type[Work]],
        events: Iterable[type[Event]],
        *,
        keep: timedelta,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._database = database
        self._events = {event.NAME: event for event in events if event.NAME}
        self._hearers = _hearers(works)
        self._keep = keep
        self._listeners = listeners
        heard = RELAY_SCOPE.tables.union(*(each.tables for each in listeners))
        self._scope = RELAY_SCOPE._replace(tables=heard)

    @property
    def is_needed(self) -> bool:
        """Return whether anything hears of events."""
        return bool(self._hearers or self._listeners)

    async def revive(self) -> None:
        """Let events be tried again that another version of the service has laid aside."""
        async with self._database.opened(RELAY_SCOPE) as transaction:
            await transaction.execute(_REVIVED, named({"types": list(self._events)}))

    async def relay(self) -> bool:
        """Relay the next events; return whether there may be more."""
        async with self._database.opened(self._scope) as transaction:
            rows = await transaction.all(_NEXT)
            parked = {row.id: reason for row in rows if (reason := self._obstacle(row))}
            relayed = [row for row in rows if row.id not in parked]
            await self._queue(transaction, relayed)
            for each in self._listeners:
                await each.hear(transaction, [row for row in relayed if row.type in each.events])
            await _park(transaction, parked)
        for row in rows:
            _tell(row, parked.get(row.id))
        return len(rows) == AT_ONCE

    async def measure(self) -> None:
        """Let metrics tell how many events wait, for how long, and how many were laid aside."""
        async with self._database.opened(RELAY_SCOPE) as transaction:
            backlog = await transaction.one(_BACKLOG)
            OUTBOX_PARKED.set(await transaction.scalar(_LAID_ASIDE))
        OUTBOX_WAITING.set(backlog.size)
        OUTBOX_WAITING_SECONDS.set(_age(backlog.since, backlog.now) if backlog.size else 0)

    async def remove_old(self) -> None:
        """Remove events that were relayed long ago."""
        since = named({"since": -self._keep.total_seconds()})
        removed = _REMOVED_AT_ONCE
        while removed == _REMOVED_AT_ONCE:
            async with self._database.opened(RELAY_SCOPE) as transaction:
                removed = await transaction.execute(_OLD_REMOVED, since)

    def _obstacle(self, row: Row[Any]) -> Parked | None:
        """Return why an event cannot be relayed; None if it can."""
        event = self._events.get(row.type)
        if event is None:
            return Parked.UNKNOWN
        if row.type in self._hearers:
            announced = Announced(id=row.id, type=row.type, payload=row.payload)
            try:
                read(event, announced, row.tenant_id)
            except UnreadableEventError:
                return Parked.UNREADABLE
        return None

    async def _queue(self, transaction: Transaction, rows: Sequence[Row[Any]]) -> None:
        """Queue the jobs of events, each once, and note that they were relayed."""
        queued = [_job(row, work) for row in rows for work in self._hearers.get(row.type, ())]
        await transaction.execute_each(_queued(transaction.dialect), queued)
        if rows:
            transaction.later(_PUBLISHED, named({"ids": [row.id for row in rows]}))


def _hearers(works: Iterable[type[Work]]) -> Mapping[str, Sequence[type[Work]]]:
    """Return which jobs hear of an event, by its name."""
    found: defaultdict[str, list[type[Work]]] = defaultdict(list)
    for work in works:
        for event in () if work.follows else work.on:
            found[event.NAME].append(work)
    return found


@cache
def _queued(dialect: str) -> Fixed:
    """Return what queues a job, unless the event has started it already."""
    added: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    own = {name: parameter(name, jobs.c[name]) for name in _OF_EVENT}
    always = {"state": JobState.QUEUED, "attempt": 0, "history": [], "created_at": database_now()}
    return Fixed(added(jobs).values(**own, **always).on_conflict_do_nothing())


def _job(row: Row[Any], work: type[Work]) -> dict[str, object]:
    return named(
        {
            "id": new_id(),
            "tenant_id": row.tenant_id,
            "name": work.name,
            "event": row.type,
            "event_id": row.id,
            "payload": row.payload,
            "row_id": _subject(row.payload),
            "correlation_id": row.correlation_id,
            "priority": work.priority,
            # Of a tenant, what happened first is heard first, whichever relay was faster.
            "run_at": min(row.occurred_at, row.now),
            "max_attempts": work.retry.attempts,
            "progress": _NOT_BEGUN,
        }
    )


def _subject(payload: Mapping[str, Any]) -> UUID | None:
    """Return the row that an event is about; None of what another service has told."""
    told = payload.get("id")
    return None if told is None else UUID(told)


async def _park(transaction: Transaction, parked: Mapping[Any, Parked]) -> None:
    for reason in dict.fromkeys(parked.values()):
        ids = [each for each, why in parked.items() if why is reason]
        await transaction.execute(_PARKED, named({"ids": ids, "reason": reason}))


def _tell(row: Row[Any], parked: Parked | None) -> None:
    """Tell metrics and those who run the service what became of an event."""
    if parked is None:
        EVENTS_RELAYED.labels(row.type).inc()
        return
    EVENTS_PARKED.labels(parked).inc()
    told = logger.bind(
        event="event_parked",
        event_id=str(row.id),
        event_type=row.type,
        event_tenant_id=str(row.tenant_id),
        reason=parked,
    )
    told.error("an event was laid aside")


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
