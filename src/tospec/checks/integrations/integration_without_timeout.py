"""TS1401."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1401", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def integration_without_timeout(system: System) -> Iterator[Finding]:
    """An integration does not say how long it may take to answer.

    Why:
        Whoever waits for a service that hangs waits for as long as it hangs, and so does what waits
        behind.

    Fix:
        Say how long one attempt may take as a whole: `timeout: 3s`.
    """
    for each in system.integrations:
        if "timeout" not in each.given:
            yield Finding(
                subject=each.name,
                span=each.span,
                problem=f"Nothing says how long {each.name} may take.",
                questions=("How long is one attempt waited for?",),
                options=(
                    "timeout: 3s",
                    "adopt integrations-1 (10 seconds)",
                ),
                impact="Calls could hang without end.",
            )
