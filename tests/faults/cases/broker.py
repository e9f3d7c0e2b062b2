"""Faults of Redis while the API takes writes, and of workers that hear of jobs by it."""

import signal
import time
from collections.abc import Callable
from typing import Final

from tests.faults.case import Case, Outcome, seen, served
from tests.faults.proxy import Mode
from tests.faults.site import LEASE, Site

_NORMAL: Final = "taskhub:taskhub.normal"
_BUSY: Final = "local t = redis.call('TIME')[1] while redis.call('TIME')[1] - t < 5 do end"


def away_under_load(site: Site, seconds: int) -> Outcome:
    """Redis is away while the API takes writes, which wait for nobody."""
    site.api()
    site.backend_worker()
    with site.loaded():
        begun = site.note("broker killed")
        site.redis.kill()
        time.sleep(seconds)
        site.redis.start()
        ended = site.note("broker started")
        time.sleep(3)
    slowest = max(each.ended - each.begun for each in site.history.after(begun))
    assert slowest < 2, slowest
    detection, recovery = seen(site.history, begun, ended)
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=1,
        remark=f"slowest answer {slowest:.1f} s",
    )


def out_of_memory(site: Site, size: int) -> Outcome:
    """Redis refuses every write: it is full and evicts nothing."""
    site.worker()
    site.queue("quick", 5)
    control = site.wait_until_ended()
    site.redis.says("CONFIG", "SET", "maxmemory", "1")
    begun = site.note("broker full")
    refused = site.redis.says("SET", "a", "b")
    assert refused.startswith(b"-OOM"), refused
    site.queue("quick", size)
    ended = site.wait_until_ended()
    site.redis.says("CONFIG", "SET", "maxmemory", "0")
    again = site.told_again()
    return Outcome(
        injections=1,
        control=f"5 done after {control:.1f} s",
        recovery=ended - begun,
        bound=15 + size / 50,
        remark=f"after it: {again:.1f} s",
    )


def evicting(site: Site, size: int) -> Outcome:
    """Redis throws away what it holds to make room: it holds nothing but hints."""
    site.redis.says("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    site.queue("quick", size)
    held = site.redis.number("LLEN", _NORMAL)
    site.redis.says("CONFIG", "SET", "maxmemory", "1")
    site.redis.says("SET", "a", "b")
    evicted = site.redis.figure("stats", "evicted_keys")
    site.redis.says("CONFIG", "SET", "maxmemory", "0")
    begun = site.note("evicted", keys=evicted)
    assert evicted > 0, "nothing was evicted"
    site.worker()
    ended = site.wait_until_ended()
    return Outcome(
        injections=evicted,
        control=f"{held} messages before",
        recovery=ended - begun,
        bound=30 + size / 100,
    )


def disturbed(site: Site, _: int) -> Outcome:
    """Redis pauses, is busy, turns into a replica, and does not answer, one after the other."""
    proxy = site.broker_proxy()
    site.worker()
    site.queue("quick", 5)
    site.wait_until_ended()
    longest = 0.0
    for name in ("pause", "busy", "replica", "hang", "reset"):
        begun = site.note(name)
        if name == "pause":
            site.redis.says("CLIENT", "PAUSE", "5000", "ALL")
        elif name == "busy":
            site.redis.says("EVAL", _BUSY, "0")
        elif name == "replica":
            site.redis.says("REPLICAOF", "127.0.0.1", "1")
        else:
            proxy.behave(Mode.HANG if name == "hang" else Mode.RST)
        site.queue("quick", 5)
        longest = max(longest, site.wait_until_ended() - begun)
        time.sleep(3)
        site.redis.says("REPLICAOF", "NO", "ONE")
        proxy.behave(Mode.PASS)
        time.sleep(2.5)
    again = site.told_again()
    deadline = time.monotonic() + 15
    while site.redis.number("LLEN", _NORMAL) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert site.redis.number("EXISTS", "taskhub:__heartbeats__") == 1, "nobody came back"
    assert site.redis.number("LLEN", _NORMAL) == 0, "nobody hears any more"
    return Outcome(
        injections=5,
        control="5 done before",
        recovery=longest,
        bound=20,
        remark=f"after it: {again:.1f} s",
    )


def stopped_gently(site: Site, _: int) -> Outcome:
    """A worker is told to stop in the middle of a job: it gives way, and no attempt is lost."""
    site.queue("slow", 2)
    first = site.worker()
    site.wait_for_step("slow", 2)
    begun = site.send(first, signal.SIGTERM)
    first.wait(30)
    ended = site.note("worker has ended")
    assert first.returncode == 0, first.returncode
    left = {job.state for job in site.found().values()}
    assert left == {"queued"}, left
    site.worker()
    site.wait_until_ended()
    attempts = {job.attempt for job in site.found().values()}
    assert attempts == {1}, attempts
    return Outcome(injections=1, control="done by another", recovery=ended - begun, bound=22)


def silent(site: Site, _: int) -> Outcome:
    """The only worker is frozen: health tells that none lives, and that one does again."""
    site.api()
    worker = site.backend_worker()
    control = site.health_word("worker")
    assert control == "up", control
    worker.send(signal.SIGSTOP)
    begun = site.note("worker frozen")
    detected = _until(site, lambda word: word != "up") - begun
    worker.send(signal.SIGCONT)
    thawed = site.note("worker thawed")
    recovered = _until(site, lambda word: word == "up") - thawed
    assert detected <= 3 * LEASE + 2, detected
    return Outcome(
        injections=1,
        control="a living one is told",
        detection=detected,
        recovery=recovered,
        bound=5,
    )


def _until(site: Site, holds: Callable[[str], bool]) -> float:
    deadline = time.monotonic() + 40
    while not holds(site.health_word("worker")) and time.monotonic() < deadline:
        time.sleep(0.2)
    return site.history.now()


def timed_out(site: Site, size: int) -> Outcome:
    """Jobs take longer than they may, and one stops its whole process for longer than a lease."""
    site.queue("endless", size)
    site.worker()
    site.worker()
    begun = site.note("begun")
    site.wait_until_ended()
    site.queue("stuck", 1)
    site.queue("quick", 5)
    ended = site.wait_until_ended()
    found = site.found().values()
    dead = [job.reasons for job in found if job.state == "dead"]
    assert dead == [("timeout",) * 3] * size, dead
    crashed = [job for job in found if "worker-crash" in job.reasons]
    assert len(crashed) == 1, crashed
    return Outcome(
        injections=3 * size + 1, control="5 others done", recovery=ended - begun, bound=45
    )


def flaky(site: Site, size: int) -> Outcome:
    """Jobs fail as often as they are told to: each is attempted once more, and at most 3 times."""
    site.worker()
    for failures in range(4):
        site.queue(f"flaky{failures}", size)
    begun = site.note("queued")
    ended = site.wait_until_ended()
    ran = {kind: len(site.steps(f"flaky{kind}")) for kind in range(4)}
    assert ran == {0: size, 1: 2 * size, 2: 3 * size, 3: 3 * size}, ran
    dead = sum(job.state == "dead" for job in site.found().values())
    assert dead == size, dead
    return Outcome(
        injections=6 * size,
        control=f"{size} without a failure",
        recovery=ended - begun,
        bound=30,
    )


def later(site: Site, seconds: int) -> Outcome:
    """Jobs are due later; everything is started anew, and Redis forgets, before they are."""
    first = site.worker()
    site.queue("quick", 20, f"after-{seconds}")
    begun = site.note("queued for later")
    site.send(first, signal.SIGKILL)
    site.redis.kill()
    site.redis.start()
    site.worker()
    ended = site.wait_until_ended()
    rows = site.cluster.ask("SELECT id::text, extract(epoch FROM run_at) AS due FROM jobs")
    due = {row["id"]: float(row["due"]) for row in rows}
    times = [at - due[job] for at, _, job in site.steps("quick")]
    assert min(times) > -0.1, f"begun {-min(times):.1f} s too early"
    assert max(times) < 5, f"begun {max(times):.1f} s too late"
    return Outcome(
        injections=2,
        control="none before its time",
        recovery=ended - begun - seconds,
        bound=5,
    )


def cancelled(site: Site, _: int) -> Outcome:
    """Jobs are cancelled that wait, run and are done, twice each."""
    site.queue("slow", 3)
    waiting, running, done = sorted(site.queued)
    hold = "UPDATE jobs SET run_at = now() + interval '1 day' WHERE id = $1::uuid"
    site.cluster.ask(hold, waiting)
    site.cluster.ask(hold, running)
    site.worker()
    site.wait_until_some(done)
    site.cluster.ask("UPDATE jobs SET run_at = now() WHERE id = $1::uuid", running)
    while all(job != running for _, _, job in site.steps("slow")):
        time.sleep(0.02)
    for _ in range(2):
        site.command("jobs", "cancel", waiting, running, done)
    begun = site.note("cancelled")
    time.sleep(3)
    found = site.found()
    states = [found[each].state for each in (waiting, running, done)]
    assert states == ["cancelled", "cancelled", "done"], states
    assert found[waiting].effects == 0
    assert found[running].effects < 3
    return Outcome(injections=6, control="1 done", recovery=site.history.now() - begun - 3, bound=1)


CASES: Final = (
    Case(name="F-36 broker away, API", act=away_under_load, short=None, long=60),
    Case(name="F-40 broker full", act=out_of_memory, short=None, long=200),
    Case(name="F-40 broker evicts", act=evicting, short=None, long=500),
    Case(name="F-41 broker disturbed", act=disturbed, short=None, long=1),
    Case(name="F-45 worker told to stop", act=stopped_gently, short=None, long=1),
    Case(name="F-46 worker silent", act=silent, short=None, long=1, broker=False),
    Case(name="F-48 jobs without end", act=timed_out, short=None, long=3),
    Case(name="F-50 jobs that fail", act=flaky, short=None, long=10),
    Case(name="F-59 due later", act=later, short=None, long=20),
    Case(name="F-62 cancelled", act=cancelled, short=None, long=1),
)
