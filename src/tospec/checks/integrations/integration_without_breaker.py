"""TS1403."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1403", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def integration_without_breaker(system: System) -> Iterator[Finding]:
    """An integration does not say when it is left alone.

    Why:
        Asking a service that is down costs each call its time limit, and the service its chance to
        come back.

    Fix:
        Say how many failures within which time are too many, and for how long it is left alone:
        `breaker: {failures: 5, within: 30s, open: 60s}`.
    """
    for each in system.integrations:
        if "breaker" not in each.given:
            yield Finding(
                subject=each.name,
                span=each.span,
                problem=f"Nothing says when {each.name} is left alone.",
                questions=(
                    "How many failures are too many, and for how long is it not asked then?",
                ),
                options=(
                    "breaker: {failures: 5, within: 30s, open: 60s}",
                    "adopt integrations-1 (5 failures within 30 seconds, for 60)",
                ),
                impact="A service that is down would be asked all the time.",
            )
