"""TS1404."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1404", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def degraded_mode_unsaid(system: System) -> Iterator[Finding]:
    """An integration does not say what becomes of jobs while it is left alone.

    Why:
        Whether they wait or use up their attempts decides whether an hour without the service is
        late work or lost work.

    Fix:
        Say `degraded: wait`, or `degraded: fail` for what nobody wants later.
    """
    for each in system.integrations:
        if "degraded" not in each.given:
            yield Finding(
                subject=each.name,
                span=each.span,
                problem=f"Nothing says what becomes of jobs while {each.name} is left alone.",
                questions=(f"Do jobs wait for {each.name}, or do their attempts fail?",),
                options=(
                    "degraded: wait",
                    "degraded: fail",
                    "adopt integrations-1 (they wait)",
                ),
                impact="Nobody would have decided whether work is late then, or lost.",
            )
