"""Schedules: when jobs run by themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice, takewhile
from typing import Final, Self
from zoneinfo import ZoneInfo

from cronsim import CronSim

from app.core.zones import UTC_NAME
from app.worker.work import Work

SHOWN: Final = 5
"""How many of the next times people are shown."""


class CatchUp(StrEnum):
    """What becomes of the times at which a schedule should have fired and nothing ran."""

    ONCE = "once"
    ALL = "all"
    SKIP = "skip"


class Overlap(StrEnum):
    """What a firing does in a tenant that is not done with the one before."""

    SKIP = "skip"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When some jobs run for every tenant.

    In the hour that clocks leave out a firing waits until it is over; in the one that they
    repeat it comes once, unless it comes every hour.

    Attributes:
        name: By which firings and people know it; never changes.
        jobs: What runs.
        cron: Minute, hour, day of the month, month and day of the week.
        zone: The IANA time zone of these; None for each tenant's own.
    """

    name: str
    jobs: tuple[type[Work], ...]
    cron: str
    zone: str | None
    catch_up: CatchUp
    overlap: Overlap

    def within(self, zone: str) -> Self:
        """Return the schedule by the clocks of a tenant's zone."""
        return self if self.zone else replace(self, zone=zone)

    def times(self, after: datetime) -> Iterator[datetime]:
        """Yield when it fires after an instant, in UTC, without end."""
        for local in CronSim(self.cron, after.astimezone(self._zone)):
            yield local.astimezone(UTC)

    def due(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Yield when it fires after one instant, up to another."""
        return takewhile(lambda time: time <= until, self.times(after))

    def latest(self, until: datetime) -> datetime:
        """Return the last time at which it fires up to an instant."""
        # Going back, the time at hand itself counts only if it has already begun.
        begun = until.replace(microsecond=1).astimezone(self._zone)
        return next(CronSim(self.cron, begun, reverse=True)).astimezone(UTC)

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        """Return the next `count` times at which it fires after an instant."""
        return list(islice(self.times(after), count))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone or UTC_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """A schedule as people read it, and when it fires next."""

    name: str
    jobs: list[str]
    cron: str
    zone: str
    next_runs: list[datetime]


def upcoming(schedules: Iterable[Schedule], now: datetime, zone: str) -> list[Upcoming]:
    """Return when each of `schedules` fires next, for a tenant whose zone is `zone`."""
    return [
        Upcoming(
            name=each.name,
            jobs=[job.name for job in each.jobs],
            cron=each.cron,
            zone=each.zone or zone,
            next_runs=each.within(zone).next_times(now, SHOWN),
        )
        for each in schedules
    ]
