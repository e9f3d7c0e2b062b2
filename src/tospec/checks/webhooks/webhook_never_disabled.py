"""TS1504."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1504", Domain.WEBHOOKS, Blocker.MISSING_DETAIL, convention="webhooks-1")
def webhook_never_disabled(system: System) -> Iterator[Finding]:
    """The spec does not say when the service gives up a webhook.

    Why:
        A receiver that is gone for good is tried for ever, at the cost of all others.

    Fix:
        Say after how many failed deliveries in a row: `disable_after: 20`.
    """
    webhooks = system.webhooks
    if webhooks and "disable_after" not in webhooks.given:
        yield Finding(
            subject="webhooks.disable_after",
            span=webhooks.span,
            problem="A webhook whose receiver is gone is never switched off.",
            questions=("After how many failed deliveries in a row is it switched off?",),
            options=(
                "disable_after: 20",
                "disable_after: 5",
                "adopt webhooks-1 (20)",
            ),
            impact="Deliveries to nobody would pile up.",
        )
