"""TS0713."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0713", Domain.POLICY, Blocker.AMBIGUITY, answerable=True)
def single_wall(system: System) -> Iterator[Finding]:
    """Tenants share tables on PostgreSQL with one wall between them only.

    Why:
        One forgotten filter shows a customer the rows of another.

    Fix:
        Add `row_level_security` to `walls`, or decide that the filter is enough.
    """
    tenancy = system.tenancy
    shared = tenancy is not None and tenancy.kind == "row" and "postgresql" in system.databases
    if tenancy and shared and "row_level_security" not in tenancy.walls:
        yield Finding(
            subject="tenancy",
            span=tenancy.span,
            problem="The code's filter is the only wall between tenants.",
            questions=("Is a filter in the code enough to keep tenants apart?",),
            options=("walls: [filter, row_level_security]", "decide that the filter is enough"),
            impact="A fault in one query would show rows of other tenants.",
        )
