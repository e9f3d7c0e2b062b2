"""TS1014."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1014", Domain.OPERATIONS, Blocker.MISSING_DETAIL, convention="operations-1")
def budget_without_pause(system: System) -> Iterator[Finding]:
    """A budget does not say how often each of its users asks.

    Why:
        Fifty people who read what they got are a tenth of the load of fifty programs that ask
        again at once. Which of the two is meant decides how many machines it takes.

    Fix:
        Say how long somebody waits before the next request: `pause: 1s`, or `0s` for programs.
    """
    for budget in system.budgets:
        if not budget.pause_given:
            yield Finding(
                subject=budget.name,
                span=budget.span,
                problem=f"The users of the budget {budget.name} ask any number of times a second.",
                questions=("How long does somebody wait between an answer and the next request?",),
                options=("pause: 1s", "pause: 0s", "adopt operations-1 (one second)"),
                impact="It cannot be said whether the budget is kept.",
            )
