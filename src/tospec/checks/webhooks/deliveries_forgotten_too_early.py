"""TS1507."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1507", Domain.WEBHOOKS, Blocker.CONTRADICTION)
def deliveries_forgotten_too_early(system: System) -> Iterator[Finding]:
    """Deliveries are forgotten before the last attempt at them could be looked up.

    Why:
        Whoever asks what became of an event hears nothing of it.

    Fix:
        Keep them for longer than all waits take together.
    """
    webhooks = system.webhooks
    if webhooks and webhooks.keep <= webhooks.retry.within:
        yield Finding(
            subject="webhooks.keep",
            span=webhooks.span,
            problem="Deliveries are kept for no longer than they are attempted.",
            questions=("How long can one look up what was delivered?",),
            options=(
                "keep: 30d",
                "retry: {attempts: 5, base: 30s, within: 1h}",
            ),
            impact="What has failed could not be delivered again by hand.",
        )
