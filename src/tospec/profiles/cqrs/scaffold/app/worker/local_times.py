"""Fires schedules by the clocks of tenants: for each of them once at its own time.

A row for each tenant and schedule tells the last firing. Whoever moves it on queues the jobs in
the same transaction; whoever comes second finds it moved. When a tenant has changed its zone, a
time counts only if it is later than the last one by the clocks on the wall as well, so that no
Monday comes twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, String, and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.background import Firing, local_firings
from app.models.tenant import tenants
from app.worker.firing import due_times, queue_jobs
from app.worker.schedule import Schedule

TENANTS_AT_ONCE: Final = 200
_READING: Final = WORKER_SCOPE._replace(read_only=True)
_FIRST: Final = UUID(int=0)
_ZONE: Final = bindparam("given.zone", type_=String())
_SCHEDULE: Final = bindparam("given.schedule", type_=String())
_SINCE: Final = func.coalesce(local_firings.c.scheduled_for, tenants.c.created_at)
_ZONES: Final = Fixed(
    select(tenants.c.time_zone).where(tenants.c.suspended_at.is_(None)).distinct()
)
_BEHIND: Final = Fixed(
    select(
        tenants.c.id,
        _SINCE.label("since"),
        local_firings.c.time_zone.label("zone_then"),
    )
    .outerjoin(
        local_firings,
        and_(local_firings.c.tenant_id == tenants.c.id, local_firings.c.schedule == _SCHEDULE),
    )
    .where(
        tenants.c.suspended_at.is_(None),
        tenants.c.time_zone == _ZONE,
        tenants.c.id > parameter("after", tenants.c.id),
        parameter("latest", tenants.c.created_at) > _SINCE,
    )
    .order_by(tenants.c.id)
    .limit(TENANTS_AT_ONCE)
)

type _Times = Sequence[tuple[datetime, Firing]]
type _Found = Mapping[TenantId, _Times]


class LocalTimes:
    """Fires schedules of tenants' own zones.

    Args:
        database: Where tenants are, and where jobs are queued.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fire(self, schedule: Schedule, begun: datetime, now: datetime) -> None:
        """Fire what is due in any tenant.

        Args:
            schedule: Which one; it names no zone.
            begun: When it was first seen: earlier times are no concern of it.
            now: Up to when.
        """
        async with self._database.opened(_READING) as transaction:
            zones = [row.time_zone for row in await transaction.all(_ZONES)]
        for zone in zones:
            local = schedule.within(zone)
            after: UUID | None = _FIRST if local.latest(now) > begun else None
            while after is not None:
                after = await self._fire_some(local, after, begun, now)

    async def _fire_some(
        self, schedule: Schedule, after: UUID, begun: datetime, now: datetime
    ) -> UUID | None:
        """Fire what is due in the next tenants; return the last of them if there may be more."""
        values = {
            "schedule": schedule.name,
            "zone": schedule.zone,
            "after": after,
            "latest": schedule.latest(now),
        }
        # Most times nobody is behind, and whoever only reads holds no writer up.
        async with self._database.opened(_READING) as transaction:
            rows = await transaction.all(_BEHIND, named(values))
        found = {row.id: times for row in rows if (times := _times(schedule, row, begun, now))}
        if found:
            await self._queue(schedule, found)
        return rows[-1].id if len(rows) == TENANTS_AT_ONCE else None

    async def _queue(self, schedule: Schedule, found: _Found) -> None:
        """Queue the jobs of the times of tenants, unless somebody else has by now."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            moved = await _moved(transaction, schedule, found)
            for time, those in _by_time(found, moved).items():
                await queue_jobs(transaction, schedule, time, those)


def _times(schedule: Schedule, row: Row[Any], begun: datetime, now: datetime) -> _Times:
    """Return the times that count for a tenant, and what becomes of each."""
    last = max(row.since, begun)
    if row.zone_then in {None, schedule.zone}:
        return list(due_times(schedule, last, now))
    wall = _on_the_wall(row.since, row.zone_then)
    return [
        (time, outcome)
        for time, outcome in due_times(schedule, last, now)
        if _on_the_wall(time, schedule.zone or "") > wall
    ]


def _on_the_wall(time: datetime, zone: str) -> datetime:
    """Return what the clocks of a zone show."""
    return time.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


async def _moved(
    transaction: Transaction, schedule: Schedule, found: _Found
) -> frozenset[TenantId]:
    """Note the last of the times of each tenant; return the tenants where nobody else has."""
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "schedule": schedule.name,
            "time_zone": schedule.zone,
            "scheduled_for": times[-1][0],
        }
        for tenant_id, times in found.items()
    ]
    added: Any = sqlite.insert if transaction.dialect == "sqlite" else postgresql.insert
    noted = added(local_firings).values(rows)
    own = local_firings.c
    moved = noted.on_conflict_do_update(
        index_elements=[own.tenant_id, own.schedule],
        set_={
            "time_zone": noted.excluded.time_zone,
            "scheduled_for": noted.excluded.scheduled_for,
        },
        where=own.scheduled_for < noted.excluded.scheduled_for,
    )
    return frozenset(row.tenant_id for row in await transaction.all(moved.returning(own.tenant_id)))


def _by_time(found: _Found, among: Iterable[TenantId]) -> dict[datetime, list[TenantId]]:
    """Return the tenants in which each time fires."""
    fired: defaultdict[datetime, list[TenantId]] = defaultdict(list)
    for tenant_id in sorted(among):
        for time, outcome in found[tenant_id]:
            if outcome is Firing.FIRED:
                fired[time].append(tenant_id)
    return dict(sorted(fired.items()))
