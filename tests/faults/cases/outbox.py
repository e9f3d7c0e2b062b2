"""Faults of the relay between what happens and the jobs that hear of it."""

import signal
import time
from typing import Final

from tests.faults.asking import Held
from tests.faults.case import Case, Outcome
from tests.faults.load import Person, signed_up
from tests.faults.site import Site

_ADDED: Final = """
    INSERT INTO outbox_messages (id, tenant_id, type, payload, occurred_at)
    SELECT gen_random_uuid(), '{tenant}', '{type}', jsonb_build_object(
        'id', gen_random_uuid(), 'reference', 'FAULT-' || n, 'assignee_id', {assignee},
        'before_assignee_id', NULL), clock_timestamp()
    FROM generate_series(1, {count}) AS n
"""
_RENAMED: Final = """
    UPDATE outbox_messages SET type = 'TaskAssigned' WHERE type = 'TaskTeleported'
"""
_LEFT: Final = "SELECT count(*) FROM outbox_messages WHERE published_at IS NULL"


def two_relays(site: Site, count: int) -> Outcome:
    """Two relays take what is in the outbox: each event starts its job once."""
    person = _person(site)
    _add(site, person, count)
    begun = site.note("added")
    relays = [site.scheduler(), site.scheduler()]
    ended = _relayed(site)
    for each in relays:
        each.send(signal.SIGTERM)
        each.process.wait(30)
    jobs = _jobs(site)
    assert jobs == count, jobs
    rate = count / (ended - begun)
    return Outcome(
        injections=count,
        control=f"{jobs} jobs",
        recovery=ended - begun,
        bound=30 + count / 200,
        remark=f"{rate:.0f} events a second",
    )


def backlog(site: Site, count: int) -> Outcome:
    """Very much waits in the outbox: one relay catches up, and the API answers as ever."""
    person = _person(site)
    with site.loaded(clients=3):
        _add(site, person, count)
        begun = site.note("added")
        before = [o.ended - o.begun for o in site.history.operations]
        relay = site.scheduler()
        ended = _relayed(site, 300)
        relay.send(signal.SIGTERM)
        relay.process.wait(30)
        meanwhile = [o.ended - o.begun for o in site.history.after(begun)]
        # What was queued is nobody's work here.
        site.cluster.ask("DELETE FROM jobs WHERE name = 'notify_assignee' AND state = 'queued'")
    left = site.cluster.ask(_LEFT)[0][0]
    assert left == 0, left
    return Outcome(
        injections=count,
        control=f"{len(before)} served before",
        recovery=ended - begun,
        bound=30 + count / 100,
        remark=f"slowest answer {max(before):.2f} s before, {max(meanwhile):.2f} s meanwhile",
    )


def committed_late(site: Site, count: int) -> Outcome:
    """What happened first is committed last: it is relayed all the same."""
    person = _person(site)
    site.scheduler()
    for _ in range(count):
        with Held(site.cluster.url, _sql(person, 1)):
            _add(site, person, 1)
            _relayed(site)
    begun = site.note("committed")
    ended = _relayed(site)
    jobs = _jobs(site)
    assert jobs == 2 * count, jobs
    return Outcome(
        injections=count, control=f"{count} committed in order", recovery=ended - begun, bound=5
    )


def unknown(site: Site, count: int) -> Outcome:
    """Events come that this version does not know: they wait for one that does."""
    person = _person(site)
    _add(site, person, count, type_="TaskTeleported")
    _add(site, person, count)
    first = site.scheduler()
    parked = "SELECT count(*) FROM outbox_messages WHERE parked_because = 'unknown'"
    deadline = time.monotonic() + 30
    while site.cluster.ask(parked)[0][0] < count and time.monotonic() < deadline:
        time.sleep(0.1)
    found, control = site.cluster.ask(parked)[0][0], _jobs(site)
    assert (found, control) == (count, count), (found, control)
    first.send(signal.SIGTERM)
    first.process.wait(30)
    told = (site.folder / "log").read_text().count("an event was laid aside")
    assert told == count, told
    # A version that knows them: to this one they are known by another name.
    site.cluster.ask(
        "UPDATE outbox_messages SET type = 'TaskAssigned' WHERE type = 'TaskTeleported'"
    )
    begun = site.note("another version")
    site.scheduler()
    ended = _relayed(site)
    assert _jobs(site) == 2 * count
    return Outcome(
        injections=count, control=f"{control} known ones", recovery=ended - begun, bound=20
    )


def _person(site: Site) -> Person:
    site.api()
    return signed_up(site.url, 1)[0]


def _sql(person: Person, count: int, type_: str = "TaskAssigned") -> str:
    return _ADDED.format(tenant=person.tenant, type=type_, assignee=f"'{person.id}'", count=count)


def _add(site: Site, person: Person, count: int, type_: str = "TaskAssigned") -> None:
    site.cluster.ask(_sql(person, count, type_))


def _relayed(site: Site, seconds: float = 60) -> float:
    """Wait until nothing is left in the outbox; return when that was."""
    deadline = time.monotonic() + seconds
    while site.cluster.ask(_LEFT)[0][0] and time.monotonic() < deadline:
        time.sleep(0.1)
    return site.history.now()


def _jobs(site: Site) -> int:
    found: int = site.cluster.ask(
        "SELECT count(DISTINCT event_id) FROM jobs WHERE name = 'notify_assignee'"
    )[0][0]
    return found


CASES: Final = (
    Case(name="F-54 two relays", act=two_relays, short=None, long=10_000, broker=False),
    Case(name="F-55 committed late", act=committed_late, short=None, long=10, broker=False),
    Case(name="F-56 backlog", act=backlog, short=None, long=100_000, broker=False),
    Case(name="F-58 unknown events", act=unknown, short=None, long=20, broker=False),
)
