"""TS0803."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0803", Domain.EVENTS, Blocker.MISSING_DETAIL)
def event_without_payload(system: System) -> Iterator[Finding]:
    """An event does not say what it carries.

    Why:
        Consumers are written against the payload.

    Fix:
        Write `payload` with fields of the entity.
    """
    for event in system.events:
        if not event.payload and event.message is None:
            yield Finding(
                subject=event.name,
                span=event.span,
                problem=f"{event.name} carries nothing, not even which {event.of} it is about.",
                questions=(f"What must a consumer of {event.name} know?",),
                options=("payload: [id]",),
                impact="No consumer can be built.",
            )
