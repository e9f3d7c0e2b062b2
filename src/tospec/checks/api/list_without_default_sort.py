"""TS0403."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0403", Domain.API, Blocker.MISSING_DETAIL, convention="rest-1")
def list_without_default_sort(system: System) -> Iterator[Finding]:
    """A list does not say in which order it comes.

    Why:
        Pages need one total order; without it rows are seen twice or never.

    Fix:
        Write `default_sort`, or adopt rest-1: newest first.
    """
    for entity in own_entities(system):
        lists = [o for o in system.operations_of(entity.name) if o.kind is Kind.LIST]
        if lists and not entity.listing.default_sort_given:
            yield Finding(
                subject=f"{entity.name}.list",
                span=entity.listing.span,
                problem=f"The list of {entity.name} has no default order.",
                questions=("In which order do rows come when the client does not ask?",),
                options=("default_sort: -created_at", "default_sort: created_at"),
                impact="Keyset pages cannot be built without a total order.",
            )
