"""TS0433."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0433", Domain.API, Blocker.MISSING_DETAIL)
def bulk_size_unsaid(system: System) -> Iterator[Finding]:
    """A bulk does not say how many items a request may have.

    Why:
        One request could hold locks on all rows, and keep the service busy for minutes.

    Fix:
        Write `max`.
    """
    for bulk in system.bulks:
        if bulk.most is None:
            yield Finding(
                subject=bulk.name,
                span=bulk.span,
                problem=f"{bulk.name} does not say how many items a request may have.",
                questions=(f"How many {bulk.entity} rows may one request change?",),
                options=("max: 100", "max: 20"),
                impact="The limit of the request, and the answer beyond it, stay open.",
            )
