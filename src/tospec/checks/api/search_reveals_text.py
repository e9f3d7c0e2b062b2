"""TS0451."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, Operation, System


@check("TS0451", Domain.API, Blocker.CONTRADICTION)
def search_reveals_text(system: System) -> Iterator[Finding]:
    """Somebody may search in a text that no answer shows to their role.

    Why:
        A search finds words by their beginnings, so whoever may search can spell out what a row
        says, letter by letter.

    Fix:
        Show the text in the view of the list, let the role read it, or do not search in it.
    """
    for entity in own_entities(system):
        operations = system.operations_of(entity.name)
        listing = [o for o in operations if o.kind is Kind.LIST and o.origin != "spec"]
        searching = frozenset(role for each in listing for role in _roles(system, each))
        for name in entity.listing.search:
            showing = [o for o in operations if o.kind.is_query and _shows(system, o, name)]
            blind = searching.difference(*(_roles(system, each) for each in showing))
            if showing and blind:
                roles = ", ".join(role for role in system.roles if role in blind)
                yield Finding(
                    subject=f"{entity.name}.{name}",
                    span=entity.listing.span,
                    problem=f"{roles} may search in {name}, which no answer shows to them.",
                    questions=(f"May {roles} know what {name} says?",),
                    options=(
                        f"show {name} in the view of the list",
                        f"remove {name} from `search`",
                    ),
                    impact=f"A search would reveal {name}, word by word.",
                )


def _roles(system: System, operation: Operation) -> frozenset[str]:
    """Return the roles that may ask for an operation."""
    if operation.permission is None:
        return frozenset(system.roles)
    held = (p.roles for p in system.permissions if p.name == operation.permission)
    return frozenset().union(*held)


def _shows(system: System, operation: Operation, name: str) -> bool:
    return any(view.name == operation.view and name in view.fields for view in system.views)
