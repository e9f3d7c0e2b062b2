"""TS0717."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0717", Domain.POLICY, Blocker.CONTRADICTION)
def secret_in_view(system: System) -> Iterator[Finding]:
    """A view shows a field that is marked secret.

    Why:
        A secret in an answer ends in logs, caches and screenshots.

    Fix:
        Take it out of the view, or remove `secret: true`.
    """
    entities = {entity.name: entity for entity in system.entities}
    for view in system.views:
        for name in view.fields:
            field = entities[view.of].field(name)
            if field and field.secret:
                yield Finding(
                    subject=f"{view.name}.{name}",
                    span=view.span,
                    problem=f"{name} is secret, and {view.name} shows it.",
                    questions=(f"May clients read {name}?",),
                    options=(f"take {name} out of {view.name}", "remove `secret: true`"),
                    impact="The secret would leave the service.",
                )
