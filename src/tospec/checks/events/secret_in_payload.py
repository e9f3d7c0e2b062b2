"""TS0804."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0804", Domain.EVENTS, Blocker.CONTRADICTION)
def secret_in_payload(system: System) -> Iterator[Finding]:
    """An event carries a field that is marked secret.

    Why:
        Events are stored, copied and read by others.

    Fix:
        Take it out of the payload.
    """
    entities = {entity.name: entity for entity in system.entities}
    for event in system.events:
        for item in event.payload:
            field = entities[event.of].field(item.path)
            if field and field.secret:
                yield Finding(
                    subject=f"{event.name}.{item.path}",
                    span=item.span,
                    problem=f"{item.path} is secret, and {event.name} carries it.",
                    questions=(f"May consumers read {item.path}?",),
                    options=(f"take {item.path} out of the payload", "remove `secret: true`"),
                    impact="The secret would leave the service.",
                )
