"""TS1402."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1402", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def integration_without_retry(system: System) -> Iterator[Finding]:
    """An integration does not say what follows a failed attempt.

    Why:
        A call that is given up at once is lost to a fault of a moment; one that is repeated by
        everybody at once keeps a service down that wants to come back.

    Fix:
        Say how often and how far apart, and how many retries there may be for all calls together:
        `retry: {attempts: 3, base: 200ms, cap: 2s, budget: 20}`, or `{attempts: 1}` for once.
    """
    for each in system.integrations:
        if "retry" not in each.given:
            yield Finding(
                subject=each.name,
                span=each.span,
                problem=f"Nothing says what happens when a call of {each.name} fails.",
                questions=(f"How often is a call of {each.name} tried, and how far apart?",),
                options=(
                    "retry: {attempts: 3, base: 200ms, cap: 2s, budget: 20}",
                    "retry: {attempts: 1}",
                    "adopt integrations-1 (3 attempts, 200 ms to 2 seconds apart)",
                ),
                impact="Calls would be lost, or repeated in a storm.",
            )
