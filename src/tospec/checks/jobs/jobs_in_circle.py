"""TS1314."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Job, System


@check("TS1314", Domain.JOBS, Blocker.CONTRADICTION)
def jobs_in_circle(system: System) -> Iterator[Finding]:
    """A job announces what starts it, by itself or through other jobs.

    Why:
        Each run starts the next one, and none is the last.

    Fix:
        Announce another event at one place of the circle, or let that job be started otherwise.
    """
    for job in system.jobs:
        circle = _circle(system, job)
        if circle:
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"{job.name} starts itself: {' → '.join(circle)}.",
                questions=("Which of these is not meant to go on by itself?",),
                options=(
                    "another event at one place of the circle",
                    "a schedule for one of the jobs",
                ),
                impact="The jobs would run without end.",
            )


def _circle(system: System, job: Job) -> tuple[str, ...]:
    """Return the shortest way from a job to itself, its events included; empty for none."""
    ways: list[tuple[Job, tuple[str, ...]]] = [(job, (job.name,))]
    seen: set[str] = set()
    for last, way in ways:
        for event in last.events:
            for heard in (each for each in system.jobs if event in each.on):
                if heard.name == job.name:
                    return (*way, event, job.name)
                if heard.name not in seen:
                    seen.add(heard.name)
                    ways.append((heard, (*way, event, heard.name)))
    return ()
