"""TS1308."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1308", Domain.JOBS, Blocker.MISSING_DETAIL)
def job_operator_unsaid(system: System) -> Iterator[Finding]:
    """There are jobs, and nobody operates them.

    Why:
        Jobs die. Somebody has to see which, and to have them run again.

    Fix:
        Write a `jobs` block with the permission to do so.
    """
    if system.jobs and system.job_operator is None:
        yield Finding(
            subject="jobs",
            span=system.jobs[0].span,
            problem="Nothing says who sees dead jobs and may replay them.",
            questions=("Which permission does it take to operate the jobs of a tenant?",),
            options=('jobs: queue with manage: "job:manage"',),
            impact="Work that failed for good would stay undone, unseen.",
        )
