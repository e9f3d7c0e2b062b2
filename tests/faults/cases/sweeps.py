"""Kill points: a process is killed at each packet that it sends to the database, in turn.

The packet either still gets there, so that the database does what nobody hears of, or it does not.
"""

import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import httpx

from tests.faults.case import Case, Outcome
from tests.faults.load import Person, signed_up
from tests.faults.ports import free_port
from tests.faults.processes import Started
from tests.faults.proxy import Proxy
from tests.faults.site import Site

_WAIT: Final = 15.0


def creating(site: Site, most: int) -> Outcome:
    """The API is killed at each packet of a create; the same key makes one task in the end."""
    proxy = site.database_proxy()
    port = free_port()
    process = site.api(port=port)
    person = signed_up(site.url, 1)[0]
    control = _create(site, person, "control")
    assert control == 201, control
    kills = 0
    for is_sent in (False, True):
        for number in range(1, most + 1):
            key = f"kill-{number}-{'sent' if is_sent else 'unsent'}"
            if not _killed(proxy, process, number, partial(_create, site, person, key), is_sent):
                break
            kills += 1
            process = site.api(port=port)
            assert _create(site, person, key) == 201
    assert kills >= 2, "nobody was killed"
    made = "SELECT count(*) FROM tasks WHERE title LIKE 'kill-%' GROUP BY title"
    assert {row[0] for row in site.cluster.ask(made)} == {1}
    site.backend_worker()
    site.wait_until_quiet()
    return Outcome(injections=kills, control="1 without a kill", recovery=0, bound=1)


def _killed(
    proxy: Proxy, process: Started, number: int, do: Callable[[], object], is_sent: bool
) -> bool:
    """Do something, kill the process at its `number`th packet; return whether it came to that."""
    base = proxy.packets

    def hook(count: int, _: bytes) -> bool:
        if count - base < number:
            return False
        if process.is_alive:
            process.send(signal.SIGKILL)
        return not is_sent

    proxy.watch(hook)
    try:
        do()
    except httpx.HTTPError:
        # That was wanted.
        process.process.wait(_WAIT)
    finally:
        proxy.watch(None)
    return not process.is_alive


def working(site: Site, most: int) -> Outcome:
    """A worker is killed at each packet of its life; others do what it has left, once."""
    proxy = site.database_proxy()
    kills = 0
    for number in range(1, most + 1):
        site.queue("slow" if number % 2 else "quick", 1)
        process = site.acting_worker()
        kills += _at(proxy, process, number, lambda: not site.verdict().waiting)
    ended_by = site.worker()
    begun = site.note("left to another", pid=ended_by.pid)
    ended = site.wait_until_ended(120)
    assert kills > most / 2, kills
    return Outcome(
        injections=kills, control=f"{most - kills} without a kill", recovery=ended - begun, bound=60
    )


def relaying(site: Site, most: int) -> Outcome:
    """The backend's worker is killed at each packet, as it relays events and sends mail."""
    site.api()
    person = signed_up(site.url, 1)[0]
    proxy = site.database_proxy()
    kills = 0
    for number in range(1, most + 1):
        _create(site, person, f"relay-{number}", assigned=True)
        process = site.worker_at_once()
        kills += _at(proxy, process, number * 2, site.is_quiet)
    site.backend_worker()
    begun = site.note("left to another")
    ended = site.wait_until_quiet(120)
    assert kills > most / 2, kills
    keys = {call.key for call in site.inbox.accepted}
    assert len(keys) == most, (len(keys), most)
    again = len(site.inbox.accepted) - len(keys)
    return Outcome(
        injections=kills,
        control=f"{most - kills} without a kill",
        recovery=ended - begun,
        bound=60,
        remark=f"{again} mails asked for again, under their keys",
    )


def _at(proxy: Proxy, process: Started, number: int, is_over: Callable[[], bool]) -> bool:
    """Kill a process at its `number`th packet, unless it is done before; return whether it was."""
    base = proxy.packets

    def hook(count: int, _: bytes) -> bool:
        if count - base < number:
            return False
        process.send(signal.SIGKILL)
        return True

    proxy.watch(hook)
    deadline = time.monotonic() + _WAIT
    while process.is_alive and time.monotonic() < deadline:
        time.sleep(0.05)
        if proxy.packets - base > 5 and is_over():
            break
    proxy.watch(None)
    was_killed = not process.is_alive
    process.send(signal.SIGKILL)
    return was_killed


def _create(site: Site, person: Person, key: str, *, assigned: bool = False) -> int:
    headers = {"authorization": f"Bearer {person.token}", "idempotency-key": key}
    body = {"title": key, "project_id": person.project}
    if assigned:
        body["assignee_id"] = person.id
    url = f"{site.url}/v1/tasks"
    return httpx.post(url, json=body, headers=headers, timeout=30, trust_env=False).status_code


CASES: Final = (
    Case(name="F-05 API killed, sweep", act=creating, short=None, long=20, broker=False),
    Case(name="F-43 worker killed, sweep", act=working, short=None, long=40, broker=False),
    Case(name="F-53 relay killed, sweep", act=relaying, short=None, long=25, broker=False),
)
