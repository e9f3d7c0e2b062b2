"""TS1502."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1502", Domain.WEBHOOKS, Blocker.MISSING_DETAIL, convention="webhooks-1")
def delivery_without_timeout(system: System) -> Iterator[Finding]:
    """The spec does not say how long a receiver is waited for.

    Why:
        Receivers belong to strangers; some hang, and hold up what is behind them.

    Fix:
        Say how long one attempt may take as a whole: `timeout: 10s`.
    """
    webhooks = system.webhooks
    if webhooks and "timeout" not in webhooks.given:
        yield Finding(
            subject="webhooks.timeout",
            span=webhooks.span,
            problem="Nothing says how long a receiver may take.",
            questions=("How long is one attempt waited for?",),
            options=(
                "timeout: 10s",
                "timeout: 5s",
                "adopt webhooks-1 (10 seconds)",
            ),
            impact="Deliveries to receivers that hang would hold up others.",
        )
