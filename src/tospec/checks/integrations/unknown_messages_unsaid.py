"""TS1410."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1410", Domain.INTEGRATIONS, Blocker.UNDEFINED_BEHAVIOUR, convention="integrations-1")
def unknown_messages_unsaid(system: System) -> Iterator[Finding]:
    """An integration does not say what becomes of messages of other types.

    Why:
        A service adds types of messages without asking. Refused, they are sent again and again,
        and some services give up an address that refuses; acknowledged, nobody misses them.

    Fix:
        Say `unknown: acknowledge`, or `unknown: refuse` where the service must hear of it.
    """
    for each in system.senders:
        if each.sends and "unknown" not in each.sends.given:
            yield Finding(
                subject=f"{each.name}.sends",
                span=each.sends.span,
                problem=f"Nothing says how messages of {each.name} of other types are answered.",
                questions=(f"What becomes of a message of {each.name} that nobody asks for?",),
                options=(
                    "unknown: acknowledge",
                    "unknown: refuse",
                    "adopt integrations-1 (acknowledged and counted)",
                ),
                impact="The answer to new types of messages stays open.",
            )
