"""TS0712."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0712", Domain.POLICY, Blocker.MISSING_DETAIL)
def tenancy_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say whether rows belong to tenants.

    Why:
        It decides every key, every query and every test.

    Fix:
        Write a `tenancy` block.
    """
    if system.tenancy is None:
        yield Finding(
            subject="tenancy",
            span=system.span,
            problem="Nothing says whether customers share the rows or each has their own.",
            questions=("Does each row belong to a tenant, and what keeps tenants apart?",),
            options=("tenancy: row, walls: [filter, row_level_security]", "tenancy: none"),
            impact="No table, no query and no token can be built.",
        )
