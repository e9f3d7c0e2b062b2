"""Background work: which rows, what is done to them, and when. Nobody outside brings it about."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, at, mutant, negated, without
from tospec.model import Job, Schedule, System

_UNOBSERVABLE = "only the clock brings it about"


def mutants(system: System) -> Iterator[Mutant]:
    """Change jobs, and the schedules that start them."""
    for place, job in enumerate(system.jobs):
        for what, changed in _of_job(job):
            mutated = replace(system, jobs=at(system.jobs, place, changed))
            yield _mutant("job", job.name, what, mutated)
    for place, schedule in enumerate(system.schedules):
        for what, moved in _of_schedule(schedule):
            mutated = replace(system, schedules=at(system.schedules, place, moved))
            yield _mutant("schedule", schedule.name, what, mutated)


def _mutant(kind: str, name: str, what: str, mutated: System) -> Mutant:
    return mutant(kind, f"{kind} {name}", what, mutated, kinds="", unobservable=_UNOBSERVABLE)


def _of_job(job: Job) -> Iterator[tuple[str, Job]]:
    if job.where:
        yield "all rows", replace(job, where=None)
        yield "the other rows", replace(job, where=negated(job.where))
    for place in range(len(job.steps)):
        if len(job.steps) > 1:
            yield f"without step {place + 1}", replace(job, steps=without(job.steps, place))
    yield "tried once", replace(job, retry=replace(job.retry, attempts=1))


def _of_schedule(schedule: Schedule) -> Iterator[tuple[str, Schedule]]:
    yield "every minute", replace(schedule, cron="* * * * *")
    yield "in Berlin", replace(schedule, zone="Europe/Berlin")
    yield "misses what it missed", replace(schedule, catch_up="skip")
    yield "runs that wait", replace(schedule, overlap="queue")
