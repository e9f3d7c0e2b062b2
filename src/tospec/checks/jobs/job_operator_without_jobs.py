"""TS1310."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1310", Domain.JOBS, Blocker.CONTRADICTION, blocking=False)
def job_operator_without_jobs(system: System) -> Iterator[Finding]:
    """The spec says who operates the jobs, and there are none.

    Why:
        Either a job is missing, or the block says nothing.

    Fix:
        Write the `job` that is meant, or leave the block out.
    """
    if system.job_operator and not system.jobs:
        yield Finding(
            subject="jobs",
            span=system.job_operator.span,
            problem="There is somebody to operate jobs, and there are no jobs.",
            questions=("What is done in the background?",),
            options=("a job with a schedule", "leave the block out"),
            impact="The backend is built without background work.",
        )
