"""When schedules fire."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim

from tospec.model import Schedule

PAST: Final = timedelta(seconds=2)
"""How long after a time a clock is set that has to have passed it."""
FARTHEST: Final = timedelta(days=400)
"""A clock is not set ahead farther than that."""


def times(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Yield when a schedule fires after an instant, in UTC."""
    for local in CronSim(schedule.cron, after.astimezone(_zone(schedule))):
        yield local.astimezone(UTC)


def _zone(schedule: Schedule) -> ZoneInfo:
    """Return by whose clock it fires; the verifier's tenants say nothing of theirs."""
    return ZoneInfo("UTC" if schedule.is_local else schedule.zone)


def next_time(schedule: Schedule, after: datetime) -> datetime:
    """Return when a schedule fires for the first time after an instant."""
    return next(times(schedule, after))


def next_times(schedule: Schedule, after: datetime, many: int) -> list[datetime]:
    """Return the next times at which a schedule fires after an instant."""
    return list(islice(times(schedule, after), many))
