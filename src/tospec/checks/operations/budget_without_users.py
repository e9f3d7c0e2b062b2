"""TS1013."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1013", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def budget_without_users(system: System) -> Iterator[Finding]:
    """A budget does not say how many people use the service at once when it is held to.

    Why:
        Whoever asks alone waits for nobody. Times without a load promise nothing.

    Fix:
        Say how many people are at work at once: `users: 50`.
    """
    for budget in system.budgets:
        if budget.users is None:
            yield Finding(
                subject=budget.name,
                span=budget.span,
                problem=f"The budget {budget.name} has no number of users.",
                questions=("How many people are at work at once?",),
                options=("users: 10", "users: 50", "users: 500"),
                impact="It cannot be said whether the budget is kept.",
            )
