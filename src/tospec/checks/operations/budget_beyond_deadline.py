"""TS1015."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System

_DEADLINE: Final = 10_000
"""Milliseconds after which a statement is given up, by operations-1."""


@check("TS1015", Domain.OPERATIONS, Blocker.CONTRADICTION)
def budget_beyond_deadline(system: System) -> Iterator[Finding]:
    """A budget allows answers more time than requests have.

    Why:
        With operations-1 a statement is given up after ten seconds, and the answer is 503. A
        budget above that is kept by a service that answers nobody.

    Fix:
        Give the budget a time below ten seconds.
    """
    if not system.has("operations-1"):
        return
    for budget in system.budgets:
        for times in budget.times:
            over = [f"p{each}" for each, most in times.limits if most > _DEADLINE]
            if over:
                yield Finding(
                    subject=f"{budget.name}.{times.of}",
                    span=times.span,
                    problem=f"{', '.join(over)} of {times.of} may take longer than any request.",
                    questions=("How long may an answer take, before somebody gives up?",),
                    options=(f"{over[0]}: 1s",),
                    impact="The budget limits nothing.",
                )
