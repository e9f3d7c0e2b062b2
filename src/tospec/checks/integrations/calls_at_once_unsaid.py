"""TS1405."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1405", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def calls_at_once_unsaid(system: System) -> Iterator[Finding]:
    """An integration does not say how many calls are made at once.

    Why:
        Without a bound a queue that has filled up is let loose on a service all at once.

    Fix:
        Say how many calls a process makes at once: `concurrency: 10`.
    """
    for each in system.integrations:
        if "concurrency" not in each.given:
            yield Finding(
                subject=each.name,
                span=each.span,
                problem=f"Nothing says how many calls of {each.name} are made at once.",
                questions=(f"How many calls does {each.name} take from one process at once?",),
                options=(
                    "concurrency: 10",
                    "adopt integrations-1 (10)",
                ),
                impact="A full queue would ask for everything at the same time.",
            )
