"""What webhooks are told: each event once and signed, whatever fails, and nothing else.

The verifier itself receives, so that it sees what the target sends.
"""

from collections.abc import Iterator
from typing import Final

from tospec.model import Event, Kind, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks import access, delivered, ending, failing
from tospec.verify.cases.webhooks.common import NAME, NO_RECEIVER, topic_of_event
from tospec.verify.cases.webhooks.desk import CREATE
from tospec.verify.cases.webhooks.happenings import triggers
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import CaseKind


def _planned(system: System) -> Iterator[PlannedCase]:
    if system.webhooks is None or all(each.name != CREATE for each in system.operations):
        return
    planner = Planner(system)
    found: list[Trigger] = []
    for name in system.webhooks.events:
        event = system.event(name)
        own = list(triggers(system, event))
        found += own
        yield from _of_event(planner, event, own)
    plain = next((each for each in found if _is_plain(each)), None)
    if plain is not None:
        yield from _of_webhooks(planner, plain)


def _is_plain(trigger: Trigger) -> bool:
    """Return whether an event comes with each new row."""
    always = trigger.emission is None or not trigger.emission.changed
    return trigger.operation.kind is Kind.CREATE and always


def _of_event(planner: Planner, event: Event, own: list[Trigger]) -> Iterator[PlannedCase]:
    if not own:
        yield _unreachable(event)
    for trigger in own:
        yield delivered.delivered(planner, trigger)
        yield delivered.refused(planner, trigger)
    if own:
        yield delivered.apart(planner, own[0])


def _of_webhooks(planner: Planner, trigger: Trigger) -> Iterator[PlannedCase]:
    webhooks = planner.system.webhooks
    for name, reply in failing.ways(webhooks.timeout) if webhooks else ():
        yield failing.retried(planner, trigger, name, reply)
    yield failing.spaced(planner, trigger)
    yield failing.gone(planner, trigger)
    yield ending.deleted(planner, trigger)
    yield ending.switched(planner, trigger)
    yield ending.rotated(planner, trigger)
    yield ending.redelivered(planner, trigger)
    yield ending.pinged(planner)
    yield from access.cases(planner, trigger)


def _unreachable(event: Event) -> PlannedCase:
    """Return the case that cannot be put, since no request announces the event."""

    def run(stage: Stage) -> Judgement:
        if stage.receiver is None:
            return skipped("", NO_RECEIVER)
        return skipped("", f"No request announces {event.name}: other work does.")

    return topic_of_event(event).case("delivered", f"{event.name} is delivered.", run, cost=0)


KIND: Final = CaseKind(NAME, _planned)
"""What the cases about webhooks share."""
