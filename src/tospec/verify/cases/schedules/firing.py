"""A schedule fires at each of its times, once, in every tenant."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from tospec.model import Job, Schedule, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.schedules.common import ARRIVES, SETTLES, case
from tospec.verify.cases.schedules.queue import Queue, Run, queues
from tospec.verify.cases.schedules.timing import FARTHEST, PAST, next_time, next_times
from tospec.verify.moving import TargetClock
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Trial

_TIMES: Final = 3
_DONE: Final = "done"
_LOOKS: Final = 0.2
_BEFORE: Final = timedelta(seconds=20)
"""How long before a time the clock is set when nothing must happen yet."""


def fires(system: System, schedule: Schedule) -> PlannedCase:
    """Return the case that a schedule fires at its times, none of them twice or not at all."""

    def run(stage: Stage, clock: TargetClock) -> Judgement:
        found = queues(stage)
        if not found:
            return skipped("", "Nobody operates jobs, so nobody is told when they ran.")
        jobs = [job for job in system.jobs if job.name in schedule.run]
        trial = Trial(f"one run at each of {_TIMES} times")
        start = next_time(schedule, clock.now())
        if next_times(schedule, start, _TIMES)[-1] - clock.now() > FARTHEST:
            return skipped("", "The time is too far away.")
        # From its first time on it is known what was fired before.
        clock.advance(start + PAST)
        time.sleep(SETTLES)
        for each in next_times(schedule, start + PAST, _TIMES):
            if not _passes(trial, schedule, jobs, found, clock, each):
                break
        return trial.judgement()

    rule = (
        f"Each job of {schedule.name} runs once at each of its times in every tenant, within "
        f"{ARRIVES:g} s, and not before."
    )
    return case(schedule, "fires", rule, run)


def _passes(
    trial: Trial,
    schedule: Schedule,
    jobs: Sequence[Job],
    found: Sequence[Queue],
    clock: TargetClock,
    instant: datetime,
) -> bool:
    """Let a time pass, and note how often it was fired for; return whether that was right."""
    known = {(q.tenant, job.name): _ids(q.runs(schedule, job)) for q in found for job in jobs}

    def new(queue: Queue, job: Job) -> list[Run]:
        before = known[queue.tenant, job.name]
        return [each for each in queue.runs(schedule, job) if each.id not in before]

    clock.advance(instant - _BEFORE)
    time.sleep(SETTLES)
    early = sum(len(new(queue, job)) for queue in found for job in jobs)
    trial.need("not before", holds=not early, got=f"{early} runs before {_told(instant)}")
    clock.advance(instant + PAST)
    _await(lambda: all(_is_done(new(queue, job)) for queue in found for job in jobs))
    time.sleep(SETTLES)
    right = [_judge(trial, queue, job, new(queue, job), instant) for queue in found for job in jobs]
    return all(right)


def _await(is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + ARRIVES
    while not is_done() and time.monotonic() < end:
        time.sleep(_LOOKS)


def _is_done(runs: Sequence[Run]) -> bool:
    return any(each.state == _DONE for each in runs)


def _judge(trial: Trial, queue: Queue, job: Job, new: Sequence[Run], instant: datetime) -> bool:
    what = f"{job.name} in tenant {queue.tenant}"
    trial.need(f"{what}, once", holds=len(new) == 1, got=f"{len(new)} runs for {_told(instant)}")
    for each in new[:1]:
        told = _told(each.time) if each.time else "no time"
        trial.need(f"{what}, for its time", holds=each.time == instant, got=told)
        trial.need(f"{what}, done", holds=each.state == _DONE, got=each.state)
    return len(new) == 1


def _ids(runs: Sequence[Run]) -> frozenset[str]:
    return frozenset(each.id for each in runs)


def _told(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
