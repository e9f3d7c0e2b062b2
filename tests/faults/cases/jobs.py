"""Faults of workers, and of Redis between them and those who queue jobs.

What has become of the work is judged apart, from the history.
"""

import json
import signal
import time
from typing import Final

from tests.faults.case import Case, Outcome
from tests.faults.site import LEASE, PATIENCE, POLL, Site

_POISON: Final = (b"\xff\xfe\x00", b"{}", b"null", b"[1, 2", b'{"args": [["no id"]]}')


def control(site: Site, size: int) -> Outcome:
    """Nothing is done; each job runs once, at its first attempt."""
    site.worker()
    site.queue("quick", size)
    begun = site.note("queued")
    ended = site.wait_until_ended()
    attempts = {job.attempt for job in site.found().values()}
    assert attempts == {1}, attempts
    return Outcome(
        injections=0, recovery=ended - begun, bound=10, control="each at its first attempt"
    )


def poison(site: Site, size: int) -> Outcome:
    """Bytes that nobody can read are among the messages."""
    queue = f"{site.service}:{site.service}.normal"
    for number in range(size):
        site.redis.says("HSET", f"{queue}.msgs", f"poison-{number}", _POISON[number % len(_POISON)])
        site.redis.says("RPUSH", queue, f"poison-{number}")
        if number % 2:
            site.queue("quick", 5)
    begun = site.note("poisoned", number=size)
    site.worker()
    ended = site.wait_until_ended()
    deadline = time.monotonic() + 10
    while (buried := site.redis.number("ZCARD", f"{queue}.XQ")) < size:
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    assert buried == size, buried
    return Outcome(injections=buried, recovery=ended - begun, bound=15)


def broker_away(site: Site, size: int) -> Outcome:
    """The broker is away while jobs are queued, and comes back."""
    site.worker()
    site.redis.kill()
    begun = site.note("broker killed")
    seconds = site.queue("quick", size)
    assert seconds < 2, f"queueing waited {seconds} s for a broker that is away"
    ended = site.wait_until_ended()
    site.redis.start()
    site.note("broker started")
    time.sleep(4)
    again = site.told_again()
    heard = site.redis.number("EXISTS", f"{site.service}:__heartbeats__")
    assert heard == 1, "no worker has come back to the broker"
    remark = f"done while away; after it: {again:.1f} s"
    return Outcome(injections=1, recovery=ended - begun, bound=15, remark=remark)


def wiped_before(site: Site, size: int) -> Outcome:
    """The broker dies with all messages before a worker has heard any."""
    site.queue("quick", size)
    held = site.redis.number("LLEN", f"{site.service}:{site.service}.normal")
    assert held > 0, "the broker held nothing"
    site.redis.kill()
    site.redis.start()
    begun = site.note("broker wiped", messages=held)
    site.worker()
    ended = site.wait_until_ended()
    return Outcome(injections=held, recovery=ended - begun, bound=30 + size / 100)


def wiped_amid(site: Site, size: int) -> Outcome:
    """All that the broker holds is removed while workers are at it."""
    site.worker()
    site.worker()
    site.queue("slow", size)
    wiped = 0
    for _ in range(3):
        wiped += site.redis.number("DBSIZE")
        site.redis.says("FLUSHALL")
        site.note("broker wiped")
        site.queue("slow", size // 5)
    assert site.verdict().waiting, "all was done before"
    assert wiped > 0, "the broker held nothing"
    begun = site.note("wiped for the last time")
    ended = site.wait_until_ended()
    return Outcome(injections=wiped, recovery=ended - begun, bound=15 + size / 4)


def away_while_failing(site: Site, _: int) -> Outcome:
    """The broker dies exactly while jobs fail."""
    (site.folder / "fails").touch()
    site.queue("failing", 3)
    site.worker()
    site.wait_for_step("failing", 3)
    site.redis.kill()
    begun = site.note("broker killed")
    while sum(len(job.reasons) for job in site.found().values()) < 3:
        time.sleep(0.05)
    (site.folder / "fails").unlink()
    ended = site.wait_until_ended()
    failed = [job for job in site.found().values() if job.reasons and job.state == "done"]
    assert len(failed) == 3, site.found()
    return Outcome(injections=3, recovery=ended - begun, bound=15)


def killed(site: Site, size: int) -> Outcome:
    """Workers are killed in the middle of jobs; others go on with them."""
    site.queue("slow", size)
    doomed = site.worker()
    site.wait_for_step("slow")
    time.sleep(1)
    held = {job for _, _, job in site.steps("slow")}
    site.send(doomed, signal.SIGKILL)
    killed_at = time.time()
    site.worker()
    site.wait_until_ended(PATIENCE + size)
    crashed = {each for each, job in site.found().items() if "worker-crash" in job.reasons}
    assert crashed, "nobody was in the middle of a job"
    assert crashed <= held
    again = [at - killed_at for at, _, job in site.steps("slow") if job in crashed]
    first = min(at for at in again if at > 0)
    return Outcome(injections=len(crashed), recovery=first, bound=15)


def frozen(site: Site, _: int) -> Outcome:
    """A worker is frozen for longer than its lease, and comes back."""
    site.queue("slow", 2)
    stuck = site.worker()
    site.wait_for_step("slow", 2)
    begun = site.send(stuck, signal.SIGSTOP)
    site.worker()
    time.sleep(LEASE + POLL)
    ended = site.wait_until_ended()
    site.send(stuck, signal.SIGCONT)
    time.sleep(2)
    taken = sum("worker-crash" in job.reasons for job in site.found().values())
    pids = {pid for _, pid, _ in site.steps("slow")}
    assert taken and len(pids) == 2, "nobody else went on with it"
    return Outcome(injections=taken, recovery=ended - begun, bound=15)


def deadly(site: Site, size: int) -> Outcome:
    """A job kills each process that runs it."""
    site.queue("deadly", 1)
    site.queue("quick", size)
    begun = site.note("begun")
    kills = 0
    while site.verdict().waiting and kills < 10:
        running = site.worker()
        while running.poll() is None and site.verdict().waiting:
            time.sleep(0.1)
        kills += running.poll() is not None
    ended = site.note("all has ended")
    dead = [job for job in site.found().values() if job.state == "dead"]
    assert [job.reasons for job in dead] == [("worker-crash",) * 3], dead
    assert kills == 3, kills
    return Outcome(injections=kills, recovery=ended - begun, bound=60, remark="3 attempts, dead")


def doubled(site: Site, size: int) -> Outcome:
    """Each message comes ten times, to several workers at once."""
    site.queue("slow", size)
    queue = f"{site.service}:{site.service}.normal"
    for number in range(10):
        for job in site.queued:
            _tell(site, queue, f"again-{number}-{job}", job)
    sent = site.redis.number("LLEN", queue)
    begun = site.note("told", messages=sent)
    for _ in range(3):
        site.worker()
    ended = site.wait_until_ended()
    time.sleep(1)
    assert {job.attempt for job in site.found().values()} == {1}
    assert site.redis.number("HLEN", f"{queue}.msgs") == 0, "messages were left over"
    return Outcome(injections=sent, recovery=ended - begun, bound=30)


def rolled_back(site: Site, size: int) -> Outcome:
    """Jobs are queued in a transaction that is rolled back."""
    site.worker()
    site.queue("quick", size, "rolled-back")
    site.queue("quick", size)
    begun = site.note("queued")
    ended = site.wait_until_ended()
    time.sleep(POLL + 0.5)
    ran = {job for _, _, job in site.steps("quick")}
    assert ran == site.queued, "something ran that was never committed"
    return Outcome(injections=size, recovery=ended - begun, bound=15)


def crowded(site: Site, size: int) -> Outcome:
    """Many jobs of low priority wait; one of high priority comes after them."""
    site.queue("patient", size)
    site.worker()
    site.wait_for_step("patient")
    site.queue("urgent", 1)
    begun = site.note("urgent one queued")
    wall = time.time()
    site.wait_for_step("urgent")
    waited = site.steps("urgent")[0][0] - wall
    behind = sum(at > site.steps("urgent")[0][0] for at, _, _ in site.steps("patient"))
    site.wait_until_ended(PATIENCE + size / 50)
    assert behind > 0, "all others were done before"
    site.note("waited", seconds=waited, since=begun)
    remark = f"before {behind} of the others at least"
    return Outcome(injections=size, recovery=max(0.0, waited), bound=3, remark=remark)


def not_starved(site: Site, size: int) -> Outcome:
    """Many jobs of high priority come after some of low priority, which have their turns."""
    site.queue("patient", 20)
    site.queue("urgent", size)
    site.worker(WORKER_JOBS="4")
    begun = site.note("begun")
    ended = site.wait_until_ended()
    order = [name for _, _, name in site.steps()]
    patient = {job for _, _, job in site.steps("patient")}
    places = [place for place, job in enumerate(order) if job in patient]
    assert places[0] < size / 4, f"the first came after {places[0]} of {size}"
    assert places[-1] > 20, "low ones went before all others"
    remark = f"they were number {places[0]} to {places[-1]} of {len(order)}"
    return Outcome(injections=size, recovery=ended - begun, bound=60, remark=remark)


def _tell(site: Site, queue: str, message_id: str, job: str) -> None:
    """Put the message of a job into its queue."""
    message = {
        **{"queue_name": f"{site.service}.normal", "actor_name": f"{site.service}.normal"},
        **{"args": [[job]], "kwargs": {}, "options": {"redis_message_id": message_id}},
        **{"message_id": message_id, "message_timestamp": 0},
    }
    site.redis.says("HSET", f"{queue}.msgs", message_id, json.dumps(message))
    site.redis.says("RPUSH", queue, message_id)


CASES: Final = (
    Case(name="control", act=control, short=None, long=500),
    Case(name="F-35 poison", act=poison, short=None, long=60),
    Case(name="F-36 broker away, jobs", act=broker_away, short=None, long=500),
    Case(name="F-37 broker wiped", act=wiped_before, short=None, long=1000),
    Case(name="F-38 broker wiped amid", act=wiped_amid, short=None, long=300),
    Case(name="F-39 away while failing", act=away_while_failing, short=None, long=3),
    Case(name="F-42 worker killed", act=killed, short=4, long=40),
    Case(name="F-44 worker frozen", act=frozen, short=None, long=2),
    Case(name="F-47 deadly job", act=deadly, short=None, long=50),
    Case(name="F-49 doubled messages", act=doubled, short=None, long=50),
    Case(name="F-61 seen at once", act=control, short=None, long=2000),
    Case(name="F-60 rolled back", act=rolled_back, short=20, long=500),
    Case(name="F-63 urgent among many", act=crowded, short=None, long=10_000),
    Case(name="F-63 low ones not starved", act=not_starved, short=None, long=3000),
)
