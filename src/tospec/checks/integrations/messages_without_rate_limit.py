"""TS1414."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1414", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL)
def messages_without_rate_limit(system: System) -> Iterator[Finding]:
    """Other services send messages, and nothing limits how many come.

    Why:
        The address is open to anybody until a signature is judged, which costs time.

    Fix:
        Write a `rate_limits` block with `messages`.
    """
    for each in system.senders[:1]:
        if system.rate_limits is None:
            yield Finding(
                subject="rate_limits",
                span=each.span,
                problem=f"Anybody may send as much as they like to where {each.name} sends to.",
                questions=("How often may the service be asked, and told something?",),
                options=("rate_limits, with messages: {requests: 600, within: 1m, per: address}",),
                impact="Whoever sends enough keeps the service from its work.",
            )
