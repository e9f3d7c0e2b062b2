"""TS0450."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0450", Domain.API, Blocker.CONTRADICTION)
def search_without_list(system: System) -> Iterator[Finding]:
    """Rows can be searched, and no list takes what is searched for.

    Why:
        The parameter `q` belongs to the list of `crud`; without one the words of every row would
        be kept for nobody. A query of the spec has a filter of its own and takes none.

    Fix:
        Give `crud` a `list`, or take `search` away.
    """
    for entity in own_entities(system):
        lists = (o for o in system.operations_of(entity.name) if o.kind is Kind.LIST)
        if entity.listing.search and all(each.origin == "spec" for each in lists):
            yield Finding(
                subject=entity.name,
                span=entity.listing.span,
                problem=f"No list of {entity.name} can be searched.",
                questions=(f"Who searches for a {entity.name}, by which list?",),
                options=("add `list` to `crud`", "remove `search`"),
                impact="Nobody could send a search.",
            )
