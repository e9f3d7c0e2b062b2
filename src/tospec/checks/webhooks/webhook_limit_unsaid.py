"""TS1501."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1501", Domain.WEBHOOKS, Blocker.MISSING_DETAIL, convention="webhooks-1")
def webhook_limit_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how many webhooks a tenant may have.

    Why:
        Each event is sent once for each of them: one tenant could let the service work for
        nobody else.

    Fix:
        Say how many: `limit: 10`.
    """
    webhooks = system.webhooks
    if webhooks and "limit" not in webhooks.given:
        yield Finding(
            subject="webhooks.limit",
            span=webhooks.span,
            problem="A tenant may have any number of webhooks.",
            questions=("How many webhooks may one tenant have?",),
            options=(
                "limit: 10",
                "limit: 3",
                "adopt webhooks-1 (10)",
            ),
            impact="One tenant could have each event sent a thousand times.",
        )
