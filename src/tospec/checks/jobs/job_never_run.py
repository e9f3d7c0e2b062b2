"""TS1306."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1306", Domain.JOBS, Blocker.CONTRADICTION)
def job_never_run(system: System) -> Iterator[Finding]:
    """A job is declared that neither a schedule nor an event starts.

    Why:
        What it should do is never done.

    Fix:
        Start it from a schedule or by an event, or remove it.
    """
    started = {job for schedule in system.schedules for job in schedule.run}
    for job in system.jobs:
        if job.name not in started and not job.on:
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"Nothing starts {job.name}.",
                questions=(f"When does {job.name} run?",),
                options=(f"a schedule with `run: {job.name}`", "on: an event", "remove the job"),
                impact="Its work would never be done.",
            )
