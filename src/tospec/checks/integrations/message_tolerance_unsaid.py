"""TS1409."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1409", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def message_tolerance_unsaid(system: System) -> Iterator[Finding]:
    """An integration sends messages, and nothing says how old one may be.

    Why:
        Whoever has once seen a message could send it again for ever. Clocks differ, and messages
        take their time, so that no tolerance is as wrong as any.

    Fix:
        Say `tolerance: 5m`, which most services recommend.
    """
    for each in system.senders:
        if each.sends and "tolerance" not in each.sends.given:
            yield Finding(
                subject=f"{each.name}.sends",
                span=each.sends.span,
                problem=f"Nothing says how far the time of a message of {each.name} may be off.",
                questions=(f"How old may a message of {each.name} be?",),
                options=("tolerance: 5m", "adopt integrations-1 (5m)"),
                impact="Nobody would have decided for how long a message can be replayed.",
            )
