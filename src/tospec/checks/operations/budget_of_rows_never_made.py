"""TS1018."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS1018", Domain.OPERATIONS, Blocker.CONTRADICTION, blocking=False)
def budget_of_rows_never_made(system: System) -> Iterator[Finding]:
    """A budget is about many rows of an entity that no operation creates.

    Why:
        Nobody outside of the service can bring its situation about, so `verify` cannot tell
        whether it is kept.

    Fix:
        Offer `create`, or take an entity of which clients make rows.
    """
    for budget in system.budgets:
        operations = system.operations_of(budget.entity)
        if not any(each.kind is Kind.CREATE for each in operations):
            yield Finding(
                subject=budget.name,
                span=budget.span,
                problem=f"No operation creates a {budget.entity}, of which there are to be many.",
                questions=("Where do the rows come from?",),
                options=("create in its crud", "another entity"),
                impact="The budget stays unproven.",
            )
