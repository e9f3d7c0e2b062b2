"""TS0801."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import events_produced
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0801", Domain.EVENTS, Blocker.CONTRADICTION)
def event_without_producer(system: System) -> Iterator[Finding]:
    """An event is declared that nothing announces.

    Why:
        Whoever waits for it waits for ever.

    Fix:
        Emit it from a change or a job, or remove it.
    """
    produced = events_produced(system)
    for event in system.events:
        if event.name not in produced:
            yield Finding(
                subject=event.name,
                span=event.span,
                problem=f"No change announces {event.name}.",
                questions=(f"Which change announces {event.name}?",),
                options=(f"emits: [{{event: {event.name}, on: […]}}]", "remove the event"),
                impact="Its consumers would never run.",
            )
