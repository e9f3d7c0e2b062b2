"""TS0802."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0802", Domain.EVENTS, Blocker.AMBIGUITY, convention="events-1", answerable=True)
def event_without_consumer(system: System) -> Iterator[Finding]:
    """An event is announced, and nothing in the spec listens to it.

    Why:
        Either a job is missing, or other systems read it.

    Fix:
        Adopt events-1: the outbox is open to other systems; or decide.
    """
    heard = {name for job in system.jobs for name in job.on}
    heard.update(system.webhooks.events if system.webhooks else ())
    for event in (each for each in system.events if each.name not in heard):
        yield Finding(
            subject=event.name,
            span=event.span,
            problem=f"Nothing listens to {event.name}.",
            questions=(f"Who acts on {event.name}?",),
            options=("adopt events-1 (kept in the outbox for other systems)", "remove the event"),
            impact="How long the event must be kept stays open.",
        )
