"""When schedules fire: cron in a zone, through the changes of its clocks."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.worker.schedule import CatchUp, Overlap, Schedule
from tests.requirements import JOBS

pytestmark = pytest.mark.requirement(*JOBS)

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
INSTANTS = st.builds(
    lambda minutes, rest: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes) + rest,
    st.integers(0, 3 * 365 * 24 * 60),
    st.sampled_from([timedelta(), timedelta(microseconds=1), timedelta(seconds=59.5)]),
)


def schedule(cron: str, zone: str = "UTC") -> Schedule:
    return Schedule(
        name="tested",
        jobs=(),
        cron=cron,
        zone=zone,
        catch_up=CatchUp.ONCE,
        overlap=Overlap.SKIP,
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "times"),
    [
        # Berlin has no 02:30 on 29 March 2026, and two of them on 25 October.
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["03-29T01:00", "03-30T00:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["10-25T00:30", "10-26T01:30"]),
        ("30 * * * *", "Europe/Berlin", "2026-10-24T23:45", ["10-25T00:30", "10-25T01:30"]),
        ("30 * * * *", "Europe/Berlin", "2026-03-29T00:00", ["03-29T00:30", "03-29T01:30"]),
        ("30 2 * * *", "America/New_York", "2026-03-07T12:00", ["03-08T07:00", "03-09T06:30"]),
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00", ["11-01T05:30", "11-02T06:30"]),
        ("0 3 * * *", "Asia/Kolkata", "2026-03-28T12:00", ["03-28T21:30", "03-29T21:30"]),
        ("*/15 * * * *", "UTC", "2026-03-29T00:50", ["03-29T01:00", "03-29T01:15"]),
        ("0 8 * * MON", "Europe/Berlin", "2026-03-27T00:00", ["03-30T06:00", "04-06T06:00"]),
        ("0 0 31 * *", "UTC", "2026-01-31T00:00", ["03-31T00:00", "05-31T00:00"]),
    ],
)
def test_it_fires_by_the_clocks_of_its_zone(
    cron: str, zone: str, after: str, times: list[str]
) -> None:
    found = schedule(cron, zone).next_times(instant(after), 2)

    assert found == [instant(f"2026-{time}") for time in times]


def test_a_day_that_few_years_have() -> None:
    assert schedule("0 0 29 2 *").next_times(instant("2026-01-01"), 2) == [
        instant("2028-02-29"),
        instant("2032-02-29"),
    ]


def test_a_time_fires_once() -> None:
    hourly = schedule("0 * * * *")
    at = instant("2026-01-01T05:00")

    assert list(hourly.due(at, at)) == []
    assert list(hourly.due(at - timedelta(seconds=1), at)) == [at]
    assert hourly.latest(at) == at
    assert hourly.latest(at - timedelta(microseconds=1)) == at - timedelta(hours=1)


@pytest.mark.parametrize(
    ("cron", "period"),
    [
        ("*/15 * * * *", timedelta(minutes=15)),
        ("30 2 * * *", timedelta(days=1)),
        ("30 1 * * *", timedelta(days=1)),
        ("0 8 * * MON", timedelta(days=7)),
    ],
)
@given(until=INSTANTS)
def test_the_latest_time_is_one_of_those_before(
    cron: str, period: timedelta, until: datetime
) -> None:
    for zone in ZONES:
        tested = schedule(cron, zone)

        # A change of the clocks puts a firing off by an hour or two.
        *_, last = tested.due(until - period - timedelta(hours=2), until)

        assert tested.latest(until) == last, zone


@pytest.mark.parametrize("zone", ZONES)
def test_a_whole_year_has_each_day_once(zone: str) -> None:
    begin = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))

    times = islice(schedule("30 2 * * *", zone).times(begin), 365)
    days = [time.astimezone(ZoneInfo(zone)).date() for time in times]

    assert days == [begin.date() + timedelta(days=number) for number in range(365)]
