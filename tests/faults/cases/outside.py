"""Faults of the provider of mail, and of workers while they ask it."""

import signal
import time
from collections import Counter
from typing import Final

import httpx

from tests.faults.case import Case, Outcome
from tests.faults.inbox import Call
from tests.faults.load import Person, signed_up
from tests.faults.site import Site

_OPEN: Final = 60.0
"""Seconds for which the breaker of the example's spec is open."""


def crashed_after(site: Site, count: int) -> Outcome:
    """Workers are killed once the provider has accepted a message, before they hear of it."""
    person = _person(site)
    _create(site, person, count)
    kills: list[float] = []
    doomed = [site.worker_at_once()]

    def kill(call: Call) -> None:
        if len(kills) < count and call.key not in {each.key for each in site.inbox.calls[:-1]}:
            kills.append(call.at)
            doomed[0].send(signal.SIGKILL)

    site.inbox.before_answer = kill
    begun = site.note("first worker")
    deadline = time.monotonic() + 120
    while not site.is_quiet() and time.monotonic() < deadline:
        if not doomed[0].is_alive:
            doomed[0] = site.worker_at_once()
        time.sleep(0.1)
    ended = site.note("all mailed")
    keys = Counter(call.key for call in site.inbox.accepted)
    twice = sum(each > 1 for each in keys.values())
    assert len(keys) == count, keys
    assert twice > 0, "nobody was killed in time"
    return Outcome(
        injections=len(kills),
        control=f"{count - twice} asked for once",
        recovery=(ended - begun) / max(1, len(kills)),
        bound=30,
        remark=f"{twice} asked for again, under the same key",
    )


def storm(site: Site, count: int) -> Outcome:
    """The provider is down with many jobs queued: it is left alone, and not overrun afterwards."""
    person = _person(site)
    site.inbox.status = 503
    _create(site, person, count)
    site.backend_worker()
    begun, wall = site.note("down"), time.time()
    time.sleep(min(_OPEN, count / 5))
    down = site.inbox.since(wall)
    site.inbox.status = 200
    up = time.time()
    site.note("up again")
    ended = site.wait_until_mailed(count, 4 * _OPEN)
    after = [call for call in site.inbox.since(up) if call.status == 200]
    ratio = len(after) / count
    assert len({call.key for call in after}) == count, len(after)
    assert ratio < 1.2, ratio
    # 5 failures open the breaker; calls on their way, and one probe, may still follow.
    assert len(down) <= 5 + 10 + 2, len(down)
    return Outcome(
        injections=len(down),
        control=f"{count} mailed",
        recovery=ended - begun - min(_OPEN, count / 5),
        bound=4 * _OPEN,
        remark=f"{len(down)} calls while down, {ratio:.2f} for each afterwards",
    )


def _person(site: Site) -> Person:
    site.api()
    return signed_up(site.url, 1)[0]


def _create(site: Site, person: Person, count: int) -> None:
    headers = {"authorization": f"Bearer {person.token}"}
    with httpx.Client(base_url=site.url, headers=headers, timeout=30, trust_env=False) as client:
        for number in range(count):
            body = {"title": f"Mail {number}", "project_id": person.project}
            key = {"idempotency-key": f"mail-{number}"}
            made = client.post("/v1/tasks", json={**body, "assignee_id": person.id}, headers=key)
            made.raise_for_status()


CASES: Final = (
    Case(name="F-104 retry storm", act=storm, short=None, long=300, broker=False),
    Case(name="F-106 crash after mail", act=crashed_after, short=None, long=20, broker=False),
)
