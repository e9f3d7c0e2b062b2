"""TS0805."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0805", Domain.EVENTS, Blocker.UNDEFINED_BEHAVIOUR, convention="events-1")
def delivery_unsaid(system: System) -> Iterator[Finding]:
    """Events exist, but not whether one can be lost or come twice.

    Why:
        A consumer that may see an event twice is written differently.

    Fix:
        Adopt events-1: written with the change, delivered at least once.
    """
    if system.events:
        yield Finding(
            subject="events",
            span=system.events[0].span,
            problem="Nothing says when an event is published and how often it may arrive.",
            questions=("May an event be lost, or arrive twice, or for a change that failed?",),
            options=("adopt events-1 (outbox in the same transaction, at least once)",),
            impact="Neither the outbox nor any consumer can be built.",
        )
