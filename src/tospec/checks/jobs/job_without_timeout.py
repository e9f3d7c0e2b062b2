"""TS1301."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1301", Domain.JOBS, Blocker.MISSING_DETAIL, convention="jobs-1")
def job_without_timeout(system: System) -> Iterator[Finding]:
    """A job may take any time.

    Why:
        Work that hangs holds its worker, and looks like work that goes on.

    Fix:
        Say what one attempt may take: `timeout: 60s`.
    """
    for job in system.jobs:
        if "timeout" not in job.given:
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"Nothing says how long an attempt of {job.name} may take.",
                questions=("After how long is an attempt given up?",),
                options=("timeout: 60s", "timeout: 10m", "adopt jobs-1 (60 seconds)"),
                impact="A job that hangs could not be told from one that works.",
            )
