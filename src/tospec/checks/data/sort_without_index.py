"""TS0509."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import leads_an_index, own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0509", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def sort_without_index(system: System) -> Iterator[Finding]:
    """A list is sorted by a value that no index begins with.

    Why:
        Each page sorts the whole table of the tenant.

    Fix:
        Write an index, or adopt data-1, which adds one for each sort.
    """
    for entity in own_entities(system):
        for name in entity.listing.sort:
            if entity.field(name) and not leads_an_index(entity, name):
                yield Finding(
                    subject=f"{entity.name}.{name}",
                    span=entity.listing.span,
                    problem=f"No index of {entity.name} begins with {name}.",
                    questions=(f"Is the order by {name} asked for often enough for an index?",),
                    options=(f"indexes: [[{name}]]", f"remove {name} from `sort`"),
                    impact="Every page of the list becomes slow as the table grows.",
                )
