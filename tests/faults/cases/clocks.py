"""Faults of schedulers and of the clocks that they go by."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from tests.faults.case import Case, Outcome
from tests.faults.site import Site

_BEGIN: Final = "2026-03-28T00:00:00+00:00"
_FIRINGS: Final = """
    SELECT scheduled_for, outcome, (SELECT count(*) FROM jobs
        WHERE schedule = f.schedule AND jobs.scheduled_for = f.scheduled_for) AS jobs
    FROM schedule_firings f WHERE schedule = 'faults-clock' AND outcome <> 'begun'
    ORDER BY scheduled_for
"""


def together(site: Site, ticks: int) -> Outcome:
    """Several schedulers look at the same schedule: each time fires once, and none is left out."""
    _tenant(site)
    begun = site.note("ticking")
    for count in (2, 5):
        _ticked(site, count, ticks, "60")
    fired = _fired(site)
    wanted = [datetime.fromisoformat(_BEGIN) + timedelta(minutes=n) for n in range(1, ticks)]
    assert [time_ for time_, _ in fired] == wanted, len(fired)
    assert {jobs for _, jobs in fired} == {1}
    return Outcome(
        injections=7 * ticks,
        control=f"{len(fired)} fired by 7 schedulers",
        recovery=0,
        bound=1,
        remark=f"{site.history.now() - begun:.0f} s",
    )


def away(site: Site, size: int) -> Outcome:
    """No scheduler runs over some times: what becomes of them is what the schedule says."""
    _tenant(site)
    found = {}
    for catch_up in ("once", "all", "skip"):
        site.cluster.ask("DELETE FROM jobs")
        site.cluster.ask("DELETE FROM schedule_firings WHERE schedule = 'faults-clock'")
        gap = str(size * 60 + 90)
        site.told("tick", "* * * * *", catch_up, "queue", "3", "60", gap, "1", CLOCK=_BEGIN)
        found[catch_up] = len(_fired(site))
    # One before the gap; then the last one, every one, or the last one if it is punctual.
    assert found == {"once": 2, "all": size + 2, "skip": 2}, found
    return Outcome(injections=3 * size, control="1 fired before", recovery=0, bound=1)


def stepped(site: Site, ticks: int) -> Outcome:
    """Clocks jump back and forth, and schedulers are 30 s apart: nothing fires twice."""
    _tenant(site)
    with ThreadPoolExecutor() as pool:
        clocks = (_BEGIN, _BEGIN.replace("00:00:00", "00:00:30"))
        steps = ("60", "-1", "66", "-3600", "3600", "-54", "3660", "-3540")
        runs = [
            pool.submit(_tick, site, "all", "queue", ticks, steps, clock=clock) for clock in clocks
        ]
        for run in runs:
            run.result()
    fired = _fired(site)
    times = [time_ for time_, _ in fired]
    assert len(set(times)) == len(times)
    assert {jobs for _, jobs in fired} == {1}, fired
    gaps = {later - earlier for earlier, later in pairwise(times)}
    assert gaps == {timedelta(minutes=1)}, gaps
    return Outcome(injections=ticks * 2, control=f"{len(fired)} fired", recovery=0, bound=1)


def overlapping(site: Site, size: int) -> Outcome:
    """A job is not done when its schedule fires again."""
    _tenant(site)
    found = {}
    for overlap in ("skip", "queue"):
        site.cluster.ask("DELETE FROM jobs")
        site.cluster.ask("DELETE FROM schedule_firings WHERE schedule = 'faults-clock'")
        site.told("tick", "* * * * *", "once", overlap, str(size + 1), "60", CLOCK=_BEGIN)
        found[overlap] = site.cluster.ask("SELECT count(*) FROM jobs")[0][0]
    assert found == {"skip": 1, "queue": size}, found
    return Outcome(
        injections=2 * size, control=f"{found['queue']} queued where they may", recovery=0, bound=1
    )


def leader_killed(site: Site, size: int) -> Outcome:
    """A scheduler is killed, another is frozen and goes on: nothing is left out or fired twice."""
    _tenant(site)
    with ThreadPoolExecutor() as pool:
        third = pool.submit(_tick, site, "all", "queue", size, ("20",), clock=_BEGIN)
        deadline = time.monotonic() + 30
        while not _fired(site) and time.monotonic() < deadline:
            time.sleep(0.02)
        doomed, stuck = site.ticking(_BEGIN, size), site.ticking(_BEGIN, size)
        time.sleep(1.5)
        doomed.send(signal.SIGKILL)
        stuck.send(signal.SIGSTOP)
        begun = site.note("one is dead, one is frozen")
        third.result()
        stuck.send(signal.SIGCONT)
        stuck.process.wait(60)
    fired = _fired(site)
    times = [time_ for time_, _ in fired]
    last = datetime.fromisoformat(_BEGIN) + timedelta(seconds=20 * (size - 1))
    assert times[-1] == last.replace(second=0), times[-1]
    assert len(times) == (times[-1] - datetime.fromisoformat(_BEGIN)) // timedelta(minutes=1)
    assert {jobs for _, jobs in fired} == {1}
    return Outcome(
        injections=2,
        control=f"{len(times)} fired",
        recovery=site.history.now() - begun,
        bound=60,
    )


def _tenant(site: Site) -> None:
    """Make one tenant, for whom everything fires."""
    site.queue("quick", 1)
    site.cluster.ask("DELETE FROM jobs")
    site.queued.clear()


def _ticked(site: Site, schedulers: int, ticks: int, step: str) -> None:
    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(_tick, site, "all", "queue", ticks, (step,), clock=_BEGIN)
            for _ in range(schedulers)
        ]
        for run in runs:
            run.result()


def _tick(
    site: Site, catch_up: str, overlap: str, ticks: int, steps: tuple[str, ...], *, clock: str
) -> None:
    site.told("tick", "* * * * *", catch_up, overlap, str(ticks), *steps, CLOCK=clock)


def _fired(site: Site) -> list[tuple[datetime, int]]:
    """Return the times that have fired, and how many jobs each has queued."""
    rows = site.cluster.ask(_FIRINGS)
    return [(row["scheduled_for"], row["jobs"]) for row in rows if row["outcome"] == "fired"]


CASES: Final = (
    Case(name="F-70 many schedulers", act=together, short=None, long=1000, broker=False),
    Case(name="F-71 scheduler killed", act=leader_killed, short=None, long=600, broker=False),
    Case(name="F-72 schedulers away", act=away, short=None, long=3, broker=False),
    Case(name="F-74 clocks jump", act=stepped, short=None, long=80, broker=False),
    Case(name="F-76 overlap", act=overlapping, short=None, long=5, broker=False),
)
