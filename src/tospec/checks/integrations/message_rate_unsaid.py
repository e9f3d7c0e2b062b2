"""TS1413."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1413", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def message_rate_unsaid(system: System) -> Iterator[Finding]:
    """Other services send messages, and the limits do not say how many.

    Why:
        Anybody can send something to the address, and each signature costs time. A limit that is
        too narrow loses messages of a service that has much to tell.

    Fix:
        Say `messages` in the `rate_limits`.
    """
    limits = system.rate_limits
    if system.senders and limits and not limits.given:
        yield Finding(
            subject="rate_limits.messages",
            span=limits.span,
            problem="Nothing says how many messages one address may send.",
            questions=("How many messages come in a minute at the most?",),
            options=(
                "messages: {requests: 600, within: 1m, per: address}",
                "adopt integrations-1 (600 a minute)",
            ),
            impact="The limit of messages stays open.",
        )
