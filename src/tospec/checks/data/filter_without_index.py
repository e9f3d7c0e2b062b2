"""TS0508."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import leads_an_index, own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0508", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def filter_without_index(system: System) -> Iterator[Finding]:
    """A list is filtered by a value that no index begins with.

    Why:
        Each such request reads the whole table of the tenant.

    Fix:
        Write an index, or adopt data-1, which adds one for each filter.
    """
    for entity in own_entities(system):
        for name in entity.listing.filter:
            stored = entity.field(name) or entity.relation(name)
            if stored and not leads_an_index(entity, name):
                yield Finding(
                    subject=f"{entity.name}.{name}",
                    span=entity.listing.span,
                    problem=f"No index of {entity.name} begins with {name}.",
                    questions=(f"Is the filter by {name} used often enough for an index?",),
                    options=(f"indexes: [[{name}]]", f"remove {name} from `filter`"),
                    impact="The list becomes slow as the table grows.",
                )
