"""TS1505."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1505", Domain.WEBHOOKS, Blocker.MISSING_DETAIL, convention="webhooks-1")
def deliveries_kept_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how long one can see what became of a delivery.

    Why:
        They hold what the events carried. Kept for ever, they outgrow what they are about.

    Fix:
        Say it: `keep: 30d`.
    """
    webhooks = system.webhooks
    if webhooks and "keep" not in webhooks.given:
        yield Finding(
            subject="webhooks.keep",
            span=webhooks.span,
            problem="Deliveries stay for any time.",
            questions=("How long can one look up what was delivered?",),
            options=(
                "keep: 30d",
                "keep: 7d",
                "adopt webhooks-1 (30 days)",
            ),
            impact="The table of deliveries grows without bound.",
        )
