"""Faults of the database, under load, as clients of the API see them."""

import signal
import threading
import time
from typing import Any, Final

import httpx

from tests.faults.asking import Held
from tests.faults.case import Case, Outcome, seen, served
from tests.faults.cluster import LOGIN
from tests.faults.proxy import Manner, Mode
from tests.faults.site import Site

RECOVERY: Final = 5.0
"""Seconds in which everything is served again once the database is."""
_AFTER: Final = 1.5
_LOCK: Final = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE"
_SMALL: Final = {
    "DATABASE_POOL_SIZE": "5",
    "DATABASE_MAX_OVERFLOW": "0",
    "DATABASE_POOL_TIMEOUT": "2",
}


def undisturbed(site: Site, seconds: int) -> Outcome:
    """Nothing is done: everything is served, and every judge is content."""
    _served_and_worked(site)
    with site.loaded():
        time.sleep(seconds)
    begun = site.note("end")
    refused = [each for each in site.history.operations if each.is_refused_by_fault]
    assert not refused
    return Outcome(injections=0, recovery=0, bound=1, control=served(site.history, begun))


def stopped(site: Site, seconds: int) -> Outcome:
    """The database is stopped, and comes back after a while."""
    return _away(site, signal.SIGINT, seconds)


def shut_at_once(site: Site, seconds: int) -> Outcome:
    """The database ends at once, and recovers when it comes back."""
    return _away(site, signal.SIGQUIT, seconds)


def killed(site: Site, seconds: int) -> Outcome:
    """The database's first process is killed."""
    return _away(site, signal.SIGKILL, seconds)


def _away(site: Site, how: signal.Signals, seconds: int) -> Outcome:
    _served_and_worked(site)
    assert site.cluster.ask("SHOW synchronous_commit")[0][0] == "on"
    with site.loaded():
        with site.fault(f"{how.name} to the database", slack=RECOVERY) as begun:
            site.cluster.stop(how)
            time.sleep(seconds)
            live = site.status("/livez")
            site.cluster.start()
        ended = site.history.windows[-1].end - RECOVERY
        time.sleep(RECOVERY + _AFTER)
    detection, recovery = seen(site.history, begun, ended)
    assert live == 200, live
    assert detection is not None, "nobody noticed"
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=RECOVERY,
    )


def terminated(site: Site, count: int) -> Outcome:
    """Connections of the backend are ended by the database, one every 100 ms."""
    _served_and_worked(site)
    ended = 0
    with site.loaded():
        with site.fault("connections end", slack=1) as begun:
            for number in range(count):
                pids = site.cluster.backends()
                if pids:
                    site.cluster.ask("SELECT pg_terminate_backend($1)", pids[number % len(pids)])
                    ended += 1
                time.sleep(0.1)
        time.sleep(1 + _AFTER)
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end - 1)
    assert ended > count / 2
    return Outcome(
        injections=ended,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=1,
    )


def backend_killed(site: Site, count: int) -> Outcome:
    """A process of the database is killed, which restarts all of them."""
    _served_and_worked(site)
    with site.loaded():
        with site.fault("a process of the database is killed", slack=RECOVERY) as begun:
            for _ in range(count):
                site.cluster.kill_one(site.cluster.backends()[0])
                time.sleep(1)
        time.sleep(RECOVERY + _AFTER)
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end - RECOVERY)
    return Outcome(
        injections=count,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=RECOVERY,
    )


def exhausted(site: Site, size: int) -> Outcome:
    """All connections wait for a lock: others wait for theirs no longer than is set."""
    _served_and_worked(site, **_SMALL)
    with site.loaded(clients=size, pause=0.2):
        with site.fault("all connections wait", slack=RECOVERY) as begun:
            with Held(site.cluster.url, _LOCK):
                time.sleep(3)
                live = site.status("/livez")
                time.sleep(3)
            ended = site.note("lock gone")
        time.sleep(RECOVERY + _AFTER)
    told = [each for each in site.history.after(begun) if each.status == 503]
    assert told, "nobody was told to come again"
    waited = min(each.ended - each.begun for each in told)
    assert live == 200, live
    assert waited < 2.5, waited
    detection, recovery = seen(site.history, begun, ended)
    return Outcome(
        injections=len(told),
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=RECOVERY,
        remark=f"told after {waited:.1f} s",
    )


def full(site: Site, seconds: int) -> Outcome:
    """The database takes no more connections (53300)."""
    _served_and_worked(site)
    with site.loaded():
        with site.fault("no connections left", slack=2) as begun:
            site.cluster.ask(f"ALTER ROLE {LOGIN} CONNECTION LIMIT 0")
            for pid in site.cluster.backends():
                site.cluster.ask("SELECT pg_terminate_backend($1)", pid)
            time.sleep(seconds)
            site.cluster.ask(f"ALTER ROLE {LOGIN} CONNECTION LIMIT -1")
        time.sleep(2 + _AFTER)
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end - 2)
    assert detection is not None, "nobody noticed"
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=2,
    )


def slow(site: Site, seconds: int) -> Outcome:
    """Every packet to and from the database is half a second late: all is served, later."""
    proxy = site.database_proxy()
    _served_and_worked(site)
    with site.loaded(clients=3):
        with site.fault("the network is slow", slack=0) as begun:
            proxy.behave(Manner(mode=Mode.DELAY, seconds=0.25, jitter=0.05))
            time.sleep(seconds)
            proxy.behave(Mode.PASS)
        time.sleep(_AFTER)
    late = [each.ended - each.begun for each in site.history.after(begun) if each.status == 200]
    assert max(late) > 0.4, "nothing was late"
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end)
    return Outcome(
        injections=proxy.packets,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=1,
        remark=f"slowest {max(late):.1f} s",
    )


def locked(site: Site, seconds: int) -> Outcome:
    """A table is locked: its routes say so in time, and others are served as ever."""
    _served_and_worked(site)
    with site.loaded(clients=8) as load:
        headers = {"authorization": f"Bearer {load.people[0].token}"}
        with site.fault("a table is locked", slack=2) as begun:
            with Held(site.cluster.url, _LOCK):
                end = time.monotonic() + seconds
                others = []
                while time.monotonic() < end:
                    at = time.monotonic()
                    answer = httpx.get(f"{site.url}/v1/labels", headers=headers, timeout=10)
                    others.append((answer.status_code, time.monotonic() - at))
                    time.sleep(0.1)
            ended = site.note("lock gone")
        time.sleep(2 + _AFTER)
    assert {status for status, _ in others} == {200}, others
    assert max(took for _, took in others) < 1, "another table's route waited"
    longest = max(each.ended - each.begun for each in site.history.after(begun))
    assert longest < 12, longest
    detection, recovery = seen(site.history, begun, ended)
    return Outcome(
        injections=1,
        control=f"{len(others)} served of another table",
        detection=detection,
        recovery=recovery,
        bound=2,
        remark=f"longest {longest:.1f} s",
    )


def unanswered(site: Site, count: int) -> Outcome:
    """The connection is cut between `COMMIT` and what is answered to it."""
    proxy = site.database_proxy()
    _served_and_worked(site)
    statuses, again = [], []
    with site.loaded(clients=1, pause=0.5) as load:
        for number in range(count):
            key = f"commit-{number}"
            with site.fault("commits are not answered", slack=0.5):
                proxy.behave(Manner(mode=Mode.CUT_REPLY, mark=b"COMMIT"))
                statuses.append(_create(site, load.people[0], key))
                proxy.behave(Mode.PASS)
            again.append(_create(site, load.people[0], key))
            time.sleep(0.2)
    assert proxy.cut > 0, "nothing was cut"
    assert set(again) == {201}, again
    assert set(statuses) <= {201, 503}, statuses
    assert 503 in statuses, statuses
    made = site.cluster.ask("SELECT count(*) FROM tasks WHERE title LIKE 'commit-%'")[0][0]
    assert made == count, f"{made} of {count}"
    return Outcome(
        injections=statuses.count(503),
        control=f"{again.count(201)} answered when asked again",
        recovery=0,
        bound=1,
    )


def half_open(site: Site, seconds: int) -> Outcome:
    """The network swallows what is sent, without a word."""
    proxy = site.database_proxy()
    _served_and_worked(site, DATABASE_STATEMENT_TIMEOUT="3", DATABASE_LOCK_TIMEOUT="2")
    with site.loaded():
        with site.fault("a black hole", slack=RECOVERY) as begun:
            proxy.behave(Mode.BLACKHOLE)
            time.sleep(seconds)
            proxy.behave(Mode.RST)
            proxy.behave(Mode.PASS)
        time.sleep(RECOVERY + _AFTER)
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end - RECOVERY)
    assert detection is not None, "nobody noticed"
    # The time for a statement, that for a server that is away, and that for a connection.
    assert detection < 3 + 5 + 5 + 2, detection
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=RECOVERY,
    )


def deadlocked(site: Site, count: int) -> Outcome:
    """A bulk and somebody else lock the same two rows in opposite orders."""
    _served_and_worked(site)
    with site.loaded(clients=1, pause=1) as load:
        person = load.people[0]
        ids = sorted(_made(site, person, f"dead-{number}") for number in range(2))
        statuses = [_crossed(site, person, ids) for _ in range(count)]
    [row] = site.cluster.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'")
    assert row[0] > 0, "nobody was in anybody's way"
    assert set(statuses) == {200}, statuses
    return Outcome(
        injections=row[0], control=f"{statuses.count(200)} bulks served", recovery=0, bound=1
    )


def _crossed(site: Site, person: Any, ids: list[str]) -> int:
    """Let a bulk lock the first row while somebody else holds the second; return its status."""
    found: list[int] = []
    items = [{"do": "update", "id": each, "assignee_id": person.id} for each in ids]

    def ask() -> None:
        headers = {"authorization": f"Bearer {person.token}"}
        url = f"{site.url}/v1/tasks/bulk"
        answer = httpx.post(url, json={"items": items}, headers=headers, timeout=30)
        found.append(answer.status_code)

    touch = "UPDATE tasks SET title = title WHERE id = '{}'"
    with Held(site.cluster.url, "SET LOCAL deadlock_timeout = '20s'") as held:
        held.also(touch.format(ids[1]))
        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.4)
        held.also(touch.format(ids[0]))
    asking.join()
    return found[0]


def read_only(site: Site, seconds: int) -> Outcome:
    """The database is a standby for a while: it reads, and does not write."""
    _served_and_worked(site)
    with site.loaded():
        with site.fault("a standby answers", slack=RECOVERY) as begun:
            site.cluster.serve_copies_only(only=True)
            standby = site.note("standby")
            time.sleep(seconds)
            primary = site.note("to be a primary again")
            site.cluster.serve_copies_only(only=False)
        time.sleep(RECOVERY + _AFTER)
    inside = [o for o in site.history.operations if standby + 2 < o.begun and o.ended < primary]
    reads = {each.status for each in inside if not each.is_write}
    writes = {each.status for each in inside if each.is_write}
    assert reads == {200}, reads
    assert writes == {503}, writes
    detection, recovery = seen(site.history, begun, site.history.windows[-1].end - RECOVERY)
    return Outcome(
        injections=sum(each.is_write for each in inside),
        control=f"{sum(not each.is_write for each in inside)} reads served",
        detection=detection,
        recovery=recovery,
        bound=RECOVERY,
    )


def unmigrated(site: Site, _: int) -> Outcome:
    """The database has no tables: the process says that it is not ready, and makes none."""
    site.api()
    control = site.status("/readyz")
    site.cluster.ask("CREATE DATABASE bare")
    url = site.variables["DATABASE_URL"].rsplit("/", 1)[0] + "/bare"
    begun = site.note("started on no tables")
    process = site.api_on("bare", DATABASE_URL=url)
    ready, live = site.status("/readyz"), site.status("/livez")
    assert (control, ready, live) == (200, 503, 200), (control, ready, live)
    assert process.is_alive
    return Outcome(
        injections=1,
        control="ready with tables",
        detection=site.history.now() - begun,
        recovery=0,
        bound=1,
    )


def _served_and_worked(site: Site, **settings: str) -> None:
    site.variables.update(settings)
    site.api()
    site.backend_worker()


def _create(site: Site, person: Any, key: str) -> int:
    return _asked_to_create(site, person, key).status_code


def _made(site: Site, person: Any, title: str) -> str:
    return str(_asked_to_create(site, person, title).json()["id"])


def _asked_to_create(site: Site, person: Any, key: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {person.token}", "idempotency-key": key}
    body = {"title": key, "project_id": person.project}
    return httpx.post(f"{site.url}/v1/tasks", json=body, headers=headers, timeout=30)


# Whoever waits for a second notices: the bulk, which waits first.
_SEEN_BY_BULK: Final = {"deadlock_timeout": "1s"}

CASES: Final = (
    Case(name="control of the API", act=undisturbed, short=None, long=10, broker=False),
    Case(name="F-20 database stopped", act=stopped, short=2, long=20, broker=False),
    Case(name="F-21 database shut at once", act=shut_at_once, short=None, long=20, broker=False),
    Case(name="F-21 database killed", act=killed, short=None, long=20, broker=False),
    Case(name="F-22 connections ended", act=terminated, short=None, long=100, broker=False),
    Case(name="F-23 process killed", act=backend_killed, short=None, long=3, broker=False),
    Case(name="F-24 pool exhausted", act=exhausted, short=None, long=50, broker=False),
    Case(name="F-25 no connections left", act=full, short=None, long=5, broker=False),
    Case(name="F-26 slow database", act=slow, short=None, long=10, broker=False),
    Case(name="F-26 locked table", act=locked, short=None, long=30, broker=False),
    Case(name="F-27 commit unanswered", act=unanswered, short=3, long=30, broker=False),
    Case(name="F-28 half open", act=half_open, short=None, long=12, broker=False),
    Case(
        name="F-29 deadlocks",
        act=deadlocked,
        short=None,
        long=100,
        broker=False,
        database=_SEEN_BY_BULK,
    ),
    Case(name="F-30 standby", act=read_only, short=None, long=10, broker=False),
    Case(name="F-32 no tables", act=unmigrated, short=None, long=1, broker=False),
)
