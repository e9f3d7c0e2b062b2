"""TS1004."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1004", Domain.OPERATIONS, Blocker.MISSING_DETAIL, convention="operations-1")
def health_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how the running service is watched.

    Why:
        A load balancer needs to know whether to send requests.

    Fix:
        Write an `operations` block, or adopt operations-1.
    """
    if system.watch is None:
        yield Finding(
            subject="operations",
            span=system.span,
            problem="Nothing says how one sees whether the service is well.",
            questions=("Which endpoints tell of health, readiness and metrics?",),
            options=("operations: watch", "adopt operations-1"),
            impact="The service cannot be run behind a load balancer.",
        )
