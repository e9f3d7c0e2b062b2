"""What the cases about webhooks share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tospec.model import Event, System, Webhooks
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks.desk import Desk, Hook
from tospec.verify.cases.webhooks.happenings import ARRIVES, Happening, coming
from tospec.verify.hooks.received import Received
from tospec.verify.hooks.receiver import Receiver
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Topic, Trial, place

NAME: Final = "webhooks"
FRESH_SECONDS: Final = 300.0
"""How much the time of a signature may differ from that of who receives it."""
NO_RECEIVER: Final = (
    "No --hooks 127.0.0.1:PORT was given, with a target that may deliver to this machine."
)


@dataclass(frozen=True, slots=True)
class Office:
    """What a case about webhooks works with."""

    planner: Planner
    stage: Stage
    receiver: Receiver
    own: Desk
    other: Desk

    @property
    def rules(self) -> Webhooks:
        """How the spec has events delivered."""
        found = self.stage.system.webhooks
        if found is None:
            raise Unavailable("the system has no webhooks")
        return found

    def coming(self, trigger: Trigger, tenant: int = 0) -> Happening:
        """Bring about that an event is about to happen; see `happenings.coming`."""
        return coming(self.planner, self.stage, trigger, tenant=tenant)

    @property
    def now(self) -> datetime | None:
        """The instant for the target, if it is told; otherwise it is the machine's."""
        return self.stage.clock.now() if self.stage.clock else None


type Run = Callable[[Office], Judgement]


def case(planner: Planner, topic: Topic, variant: str, rule: str, run: Run) -> PlannedCase:
    """Return a case that is skipped where nobody receives; it may wait beside others."""

    def run_with_receiver(stage: Stage) -> Judgement:
        receiver = stage.receiver
        if receiver is None:
            return skipped("", NO_RECEIVER)
        with _office(planner, stage, receiver) as office:
            return run(office)

    return topic.case(variant, rule, run_with_receiver, cost=20, waits=True)


@contextmanager
def _office(planner: Planner, stage: Stage, receiver: Receiver) -> Iterator[Office]:
    desks = Desk(stage, receiver), Desk(stage, receiver, tenant=1)
    try:
        yield Office(planner, stage, receiver, *desks)
    finally:
        for each in desks:
            each.clear()


def topic_of_event(event: Event) -> Topic:
    """Return the topic of an event."""
    return Topic(
        kind=NAME,
        label=event.name,
        element=f"event {event.name}",
        reference=place(event.span),
        requirements=event.requirements,
    )


def topic_of_webhooks(system: System) -> Topic:
    """Return the topic of webhooks as such."""
    found = system.webhooks
    return Topic(
        kind=NAME,
        label=NAME,
        element=NAME,
        reference=place(found.span) if found else "",
        requirements=found.requirements if found else (),
    )


def one(trial: Trial, what: str, happening: Happening, hook: Hook) -> list[Received]:
    """Note whether a webhook was told of an event, in one attempt; return the attempts."""
    found = hook.inbox.wait(happening.tells, 1, ARRIVES)
    near = len(hook.inbox.those(happening.concerns))
    trial.need(what, holds=bool(found), got=f"nothing within {ARRIVES:g} s; {near} about it")
    return found


def control(trial: Trial, what: str, happening: Happening, hook: Hook, seconds: float) -> None:
    """Let an event happen that has to be delivered: the positive control.

    Raises:
        Unavailable: If it is not delivered.
    """
    earlier = {each.id for each in hook.inbox.those(happening.tells)}
    answer = happening.happen()

    def is_it(received: Received) -> bool:
        return happening.tells(received) and received.id not in earlier

    there = bool(hook.inbox.wait(is_it, 1, seconds))
    trial.control(f"{what}, by {happening.step.operation.name}", answer, works=there)
    if not there:
        raise Unavailable(f"the control did not work: {what} was not delivered in {seconds:g} s")


def inspect(trial: Trial, received: Received, hook: Hook, office: Office) -> None:
    """Note what is wrong with the form of a delivery."""
    sent = f"{received.method} {received.media_type}"
    trial.need("the request", holds=sent == "POST application/json", got=sent)
    body_id = received.body.get("id")
    same = bool(received.id) and received.id == body_id
    trial.need("Webhook-Id", holds=same, got=f"{received.id or 'none'}, with the id {body_id}")
    trial.need("Webhook-Signature", holds=bool(received.signature), got="none")
    fits = received.is_signed_with(hook.secret)
    trial.need("the signature", holds=fits, got="not that of the secret, time and body")
    _inspect_time(trial, received, office.now or received.when)


def _inspect_time(trial: Trial, received: Received, now: datetime) -> None:
    told = received.timestamp
    if not (told.isascii() and told.isdigit() and len(told) < 13):
        trial.found("Webhook-Timestamp", f"{told or 'none'}, which is no number of seconds")
        return
    away = abs(now.timestamp() - int(told))
    trial.need("Webhook-Timestamp", holds=away <= FRESH_SECONDS, got=f"{away:.0f} s away from now")
