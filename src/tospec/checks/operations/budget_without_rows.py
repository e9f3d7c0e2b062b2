"""TS1012."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1012", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def budget_without_rows(system: System) -> Iterator[Finding]:
    """A budget does not say how many rows there are when it is held to.

    Why:
        Nearly everything is fast while a table is small. Times without a size promise nothing.

    Fix:
        Say how many rows the largest tenant has: `rows: 100000`.
    """
    for budget in system.budgets:
        if budget.rows is None:
            yield Finding(
                subject=budget.name,
                span=budget.span,
                problem=f"The budget {budget.name} has no number of rows.",
                questions=(f"How many rows of {budget.entity} does the largest tenant have?",),
                options=("rows: 10000", "rows: 100000", "rows: 1000000"),
                impact="It cannot be said whether the budget is kept.",
            )
