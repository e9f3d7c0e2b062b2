"""TS1017."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Budget, System
from tospec.model.budgets import covered


@check("TS1017", Domain.OPERATIONS, Blocker.CONTRADICTION)
def budgets_alike(system: System) -> Iterator[Finding]:
    """Two budgets give one operation different times, at the same size and load.

    Why:
        Only one of them can be meant.

    Fix:
        Join the budgets, or say at which other size or load the second one holds.
    """
    first: dict[tuple[object, ...], tuple[str, object]] = {}
    for budget in system.budgets:
        for operation, times in covered(budget, system.operations):
            key = (*_situation(budget), operation.name)
            other, known = first.setdefault(key, (budget.name, times.limits))
            if other != budget.name and known != times.limits:
                yield Finding(
                    subject=f"{budget.name}.{operation.name}",
                    span=times.span,
                    problem=f"{other} gives {operation.name} other times in the same situation.",
                    questions=(f"How long may {operation.name} take?",),
                    options=("one budget", "another number of rows or users"),
                    impact="It cannot be said whether the budgets are kept.",
                )


def _situation(budget: Budget) -> tuple[object, ...]:
    return budget.entity, budget.rows, budget.users, budget.pause
