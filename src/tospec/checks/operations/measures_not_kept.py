"""TS0445."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System
from tospec.model.measures import entities_read


@check("TS0445", Domain.OPERATIONS, Blocker.MISSING_DETAIL, blocking=False)
def measures_not_kept(system: System) -> Iterator[Finding]:
    """Measures are worked out with each request, over as many rows as there are.

    Why:
        A row may have hundreds of thousands of others below it, and a page that shows the
        measures to a whole team reads them all each time.

    Fix:
        Keep the answer for a while: `keep: {for: 60s, until: [Task]}`.
    """
    for operation in system.operations:
        read = entities_read(system, operation)
        if operation.kind is Kind.MEASURE and operation.keeping is None:
            yield Finding(
                subject=operation.name,
                span=operation.span,
                problem=f"{operation.name} reads all its rows with each request.",
                questions=("How many rows may there be, and how often is it asked?",),
                options=(f"keep: {{for: 60s, until: [{', '.join(read)}]}}",),
                impact="It slows down as rows become more.",
            )
