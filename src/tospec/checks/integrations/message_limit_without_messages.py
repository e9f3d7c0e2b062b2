"""TS1417."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1417", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def message_limit_without_messages(system: System) -> Iterator[Finding]:
    """The limits say how many messages may come, and no other service sends any.

    Why:
        A limit of nothing limits nothing; perhaps an integration lacks its `sends`.

    Fix:
        Write `sends` of the integration, or leave the limit out.
    """
    limits = system.rate_limits
    if limits and limits.given and not system.senders:
        yield Finding(
            subject="rate_limits.messages",
            span=limits.span,
            problem="Messages are limited, and no other service sends any.",
            questions=("Which service sends messages?",),
            options=("sends, of an integration", "leave messages out"),
            impact="The limit would do nothing.",
        )
