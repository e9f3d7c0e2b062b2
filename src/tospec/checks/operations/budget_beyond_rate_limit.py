"""TS1016."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Budget, RateLimit, System


@check("TS1016", Domain.OPERATIONS, Blocker.CONTRADICTION)
def budget_beyond_rate_limit(system: System) -> Iterator[Finding]:
    """The users of a budget ask more often than the rate limit allows.

    Why:
        Whoever keeps the budget's times is asked so often that the limit refuses some of the
        requests. One of the two is not meant.

    Fix:
        Raise the limit, or let the users of the budget wait longer: `pause: 1s`.
    """
    limit = system.rate_limits.default if system.rate_limits else None
    for budget in system.budgets:
        asked = _a_second(budget, limit) if limit else 0.0
        if limit and asked > limit.requests / limit.within:
            allowed = f"{limit.requests} in {limit.within} s"
            yield Finding(
                subject=budget.name,
                span=budget.span,
                problem=f"A {limit.per} asks about {asked:.0f} times a second; the rate limit "
                f"allows {allowed}.",
                questions=("Do people wait longer, or may they ask more often?",),
                options=("pause: 1s", "a higher rate limit"),
                impact="Requests within the budget are refused.",
            )


def _a_second(budget: Budget, limit: RateLimit) -> float:
    """Return how often whoever the limit counts asks in a second, if answers are in time."""
    fastest = min((most for times in budget.times for _, most in times.limits), default=0)
    period = budget.pause + fastest
    counted = (budget.users or 0) if limit.per == "tenant" else 1
    return 1000 * counted / period if period else 0.0
