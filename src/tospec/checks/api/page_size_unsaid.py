"""TS0413."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0413", Domain.API, Blocker.MISSING_DETAIL, convention="rest-1")
def page_size_unsaid(system: System) -> Iterator[Finding]:
    """Lists exist, but neither the way of paging nor the size of a page is said.

    Why:
        An unbounded list is an outage that waits for the first large tenant.

    Fix:
        Adopt rest-1: keyset pages of 50, at most 200.
    """
    first = next((o for o in system.operations if o.kind is Kind.LIST), None)
    if first:
        yield Finding(
            subject="pages",
            span=first.span,
            problem="Lists have no page size and no way to get the next page.",
            questions=(
                "How many rows has a page, how many at most, and how is the next asked for?",
            ),
            options=("adopt rest-1 (keyset cursor, 50 a page, 200 at most)",),
            impact="No list operation can be built.",
        )
