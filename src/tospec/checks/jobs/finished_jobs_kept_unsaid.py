"""TS1309."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1309", Domain.JOBS, Blocker.MISSING_DETAIL, convention="jobs-1")
def finished_jobs_kept_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how long the rows of finished jobs stay.

    Why:
        They tell what ran and when. Kept for ever, they outgrow what they are about.

    Fix:
        Say it in the `jobs` block: `keep: 30d`.
    """
    operator = system.job_operator
    if operator and not operator.given:
        yield Finding(
            subject="jobs.keep",
            span=operator.span,
            problem="Rows of finished jobs stay for any time.",
            questions=("How long can one look up what ran?",),
            options=("keep: 30d", "keep: 7d", "adopt jobs-1 (30 days)"),
            impact="The table of jobs grows without bound.",
        )
