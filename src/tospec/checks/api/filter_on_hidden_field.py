"""TS0419."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0419", Domain.API, Blocker.CONTRADICTION)
def filter_on_hidden_field(system: System) -> Iterator[Finding]:
    """A list can be filtered or sorted by a value that no view shows.

    Why:
        A filter answers yes or no about a value; enough questions reveal it.

    Fix:
        Show the value in a view, or take it out of `filter`, `search` and `sort`.
    """
    for entity in own_entities(system):
        shown = {name for view in system.views if view.of == entity.name for name in view.fields}
        listing = entity.listing
        used = dict.fromkeys([*listing.filter, *listing.search, *listing.sort])
        for name in used if shown else ():
            if name not in shown:
                yield Finding(
                    subject=f"{entity.name}.{name}",
                    span=listing.span,
                    problem=f"The list knows {name}, which no view of {entity.name} shows.",
                    questions=(f"May clients know {name}?",),
                    options=(f"show {name} in a view", f"remove {name} from the list's options"),
                    impact="The filter would reveal a value that is meant to be hidden.",
                )
