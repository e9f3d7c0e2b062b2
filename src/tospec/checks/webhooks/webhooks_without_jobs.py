"""TS1506."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1506", Domain.WEBHOOKS, Blocker.CONTRADICTION)
def webhooks_without_jobs(system: System) -> Iterator[Finding]:
    """There are webhooks, and no workers to deliver to them.

    Why:
        Deliveries are made by the workers, which a backend has if it has jobs.

    Fix:
        Write a `jobs` block and the jobs of the service, such as one that purges what has expired.
    """
    webhooks = system.webhooks
    if webhooks and not system.jobs:
        yield Finding(
            subject="webhooks",
            span=webhooks.span,
            problem="Nothing delivers: a backend without jobs has no workers.",
            questions=("Which work does the service do by itself?",),
            options=(
                "job: PurgeExpired, and jobs: queue",
                "remove the webhooks",
            ),
            impact="No event would ever be delivered.",
        )
