"""TS1503."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1503", Domain.WEBHOOKS, Blocker.MISSING_DETAIL, convention="webhooks-1")
def delivery_without_retry(system: System) -> Iterator[Finding]:
    """The spec does not say what follows a delivery that failed.

    Why:
        Receivers are away for minutes or for a night; what they missed is lost unless it is
        sent again.

    Fix:
        Say how often and for how long: `retry: {attempts: 8, base: 30s, within: 24h}`.
    """
    webhooks = system.webhooks
    if webhooks and "retry" not in webhooks.given:
        yield Finding(
            subject="webhooks.retry",
            span=webhooks.span,
            problem="Nothing says what follows a failed delivery.",
            questions=("How often is it tried, and for how long?",),
            options=(
                "retry: {attempts: 8, base: 30s, within: 24h}",
                "adopt webhooks-1 (8 attempts within 24 hours)",
            ),
            impact="Whether a receiver that was away hears of anything stays open.",
        )
