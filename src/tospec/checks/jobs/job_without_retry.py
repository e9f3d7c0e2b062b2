"""TS1302."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1302", Domain.JOBS, Blocker.UNDEFINED_BEHAVIOUR, convention="jobs-1")
def job_without_retry(system: System) -> Iterator[Finding]:
    """A job does not say what follows a failed attempt.

    Why:
        A job that is given up at once is lost to a moment's fault of the network, and one that is
        tried without end and pause wears down what it failed on.

    Fix:
        Say how often and how far apart it is tried: `retry: {attempts: 5, base: 2s, cap: 10m}`,
        or `{attempts: 1}` for once.
    """
    for job in system.jobs:
        if "retry" not in job.given:
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"Nothing says what happens when {job.name} fails.",
                questions=("How often is it tried, and how long does it wait in between?",),
                options=(
                    "retry: {attempts: 5, base: 2s, cap: 10m}",
                    "retry: {attempts: 1}",
                    "adopt jobs-1 (5 attempts, 2 seconds to 10 minutes apart)",
                ),
                impact="A fault of a moment would lose work, or a lasting one would be stormed.",
            )
