"""TS0402."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0402", Domain.API, Blocker.MISSING_DETAIL, convention="rest-1")
def view_unsaid(system: System) -> Iterator[Finding]:
    """An entity is shown to clients, but the spec does not say which of its values.

    Why:
        What an answer holds is a promise to every client.

    Fix:
        Write a `view` and name it in `views`, or adopt rest-1, which shows all but secrets.
    """
    views = {view.name: view for view in system.views}
    for entity in own_entities(system):
        view = views.get(entity.item_view)
        if system.operations_of(entity.name) and (view is None or view.origin != "spec"):
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"No view says what an answer about a {entity.name} holds.",
                questions=(f"Which fields of {entity.name} may a client see?",),
                options=(f"view: {entity.name}Detail", "adopt rest-1: all fields but secret ones"),
                impact="The answers' shape, and so the OpenAPI document, cannot be built.",
            )
