"""What the cases about integrations share."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tospec.model import Call, Integration, Job, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.integrations.occasions import Happened, Occasion, Occasions
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Planner, Topic, Trial, place
from tospec.verify.stubs.called import Called, Stub

NAME: Final = "integrations"
CONVENTION: Final = "integrations-1"
ARRIVES: Final = 20.0
"""Seconds within which a call that has to come must be there."""
_LONGEST_PAUSE: Final = 120.0
SETTLES: Final = 1.0
"""Seconds for which another call is awaited that must not come, once a later event's is there."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A job that asks a service for something, and how its event is brought about."""

    planner: Planner
    job: Job
    trigger: Trigger

    @property
    def system(self) -> System:
        """The system of the spec."""
        return self.planner.system

    @property
    def integration(self) -> Integration:
        """The service."""
        if self.job.ask is None:
            raise Unavailable(f"{self.job.name} asks for nothing")
        return self.system.integration(self.job.ask.integration)

    @property
    def call(self) -> Call:
        """What it is asked for."""
        if self.job.ask is None:
            raise Unavailable(f"{self.job.name} asks for nothing")
        return self.system.call(self.job.ask)

    def topic(self) -> Topic:
        """Return the topic of the job."""
        return topic_of(self.job, self.trigger)

    def of_service(self) -> Topic:
        """Return the topic of the service."""
        each = self.integration
        return Topic(
            kind=NAME,
            label=each.name,
            element=f"integration {each.name}",
            reference=place(each.span),
            requirements=each.requirements,
        )

    def on(self, stage: Stage, stub: Stub) -> Occasions:
        """Return the occasions on which the event comes about."""
        return Occasions(self.planner, stage, stub, self.job)


def topic_of(job: Job, trigger: Trigger | None = None) -> Topic:
    """Return the topic of a job."""
    return Topic(
        kind=NAME,
        label=job.name,
        element=f"job {job.name}",
        reference=place(job.span),
        operation=trigger.operation.name if trigger else "",
        requirements=job.requirements,
    )


def case(
    asking: Asking, topic: Topic, variant: str, rule: str, run: Callable[[Stage, Stub], Judgement]
) -> PlannedCase:
    """Return a case that is skipped where the target was not pointed at a stub.

    It runs alone: what other cases bring about leads to calls as well.
    """

    def run_with_stub(stage: Stage) -> Judgement:
        service = asking.integration
        stub = stage.stub(service.name)
        if stub is None:
            return skipped("", no_stub(service))
        stage.shared((NAME, service.name), lambda: _await_readiness(asking, stage, stub))
        return run(stage, stub)

    return topic.case(variant, rule, run_with_stub, cost=20, spoils=True)


def _await_readiness(asking: Asking, stage: Stage, stub: Stub) -> bool:
    """Wait until the target asks the service at all; return whether it does.

    What it asked before anybody listened has failed, so it may leave the service alone for a while.
    """
    service = asking.integration
    seconds = service.breaker.open / 1000 + asking.job.retry.base + ARRIVES
    try:
        event = asking.on(stage.apart(f"{NAME}/ready"), stub).of(asking.trigger).happen()
    except Unavailable:
        return False
    mark, most = event.occasion.mark, min(seconds, _LONGEST_PAUSE)
    return bool(stub.wait(mark, lambda each: bool(each.asked), 1, most))


def no_stub(service: Integration) -> str:
    """Return why cases about a service are skipped."""
    return (
        f"No --stub {service.name}=127.0.0.1:PORT was given, with the target's {service.url} "
        "pointing there."
    )


def arrived(stub: Stub, event: Happened, many: int = 1) -> Sequence[Called]:
    """Wait for the calls of an event, and return them."""
    return stub.wait(event.occasion.mark, event.sent.fits, many, ARRIVES)


def control(trial: Trial, stub: Stub, event: Happened, what: str = "another event") -> None:
    """Wait for the call of an event that has to lead to one: the positive control."""
    there = bool(arrived(stub, event))
    name = event.occasion.step.operation.name
    trial.control(f"{what}, by {name}", event.answer, works=there)
    if not there:
        raise Unavailable(f"the control did not work: {name} led to no call within {ARRIVES:g} s")
    time.sleep(SETTLES)


def inspect(trial: Trial, asking: Asking, stub: Stub, event: Happened) -> None:
    """Note in which way the calls of an event, which are there, are not as they have to be."""
    calls = stub.since(event.occasion.mark, event.sent.fits)
    what = f"the event of {event.occasion.step.operation.name}"
    trial.need(what, holds=bool(calls), got=_instead(stub, event))
    if calls:
        found = doubled(asking, calls)
        trial.need(f"{what}, once", holds=not found, got=found)
        inspect_each(trial, asking, calls)
    strays = stub.since(event.occasion.mark, event.sent.strays)
    trial.need(f"{what}, nobody else", holds=not strays, got=f"{len(strays)} others were told")


def doubled(asking: Asking, calls: Sequence[Called], allowed: int = 1) -> str:
    """Return how often a service was asked for one thing, if too often; empty if not.

    Without the convention, what comes under one key counts once where the call is keyed.
    """
    keys = {each.key for each in calls}
    counted = len(calls)
    if asking.call.keyed and not asking.system.has(CONVENTION) and "" not in keys:
        counted = len(keys)
    if counted <= allowed:
        return ""
    return f"{len(calls)} calls under {len(keys)} keys"


def inspect_each(trial: Trial, asking: Asking, calls: Sequence[Called]) -> None:
    """Note what is wrong with the form of calls."""
    for call in calls:
        trial.need("the form of the call", holds=not call.fault, got=call.fault)
        if asking.integration.proof is not None:
            proof = asking.integration.proof
            got = f"no {proof.header or 'Authorization'}: is {proof.secret} set?"
            trial.need("what proves who asks", holds=call.proven, got=got)
        if asking.call.keyed:
            trial.need("Idempotency-Key", holds=bool(call.key), got="none")


def one_key(trial: Trial, asking: Asking, calls: Sequence[Called]) -> None:
    """Note whether all attempts at one thing came under one key."""
    if asking.call.keyed:
        keys = {each.key for each in calls}
        holds = len(keys) == 1 and "" not in keys
        trial.need("one Idempotency-Key", holds=holds, got=f"{len(keys)} keys, or none")


def _instead(stub: Stub, event: Happened) -> str:
    """Return what was asked for instead of what an event has to lead to."""
    others = stub.since(event.occasion.mark, lambda each: True)
    unknown = [each.asked for each in others if not each.call]
    if unknown:
        return f"{unknown[0]}, which the spec does not have"
    near = stub.since(event.occasion.mark, event.occasion.shape().fits)
    if near and event.sent.is_telling:
        return f"a call with other values, among {len(others)}"
    return f"no such call within {ARRIVES:g} s; {len(others)} others"


def require_telling(occasion: Occasion) -> None:
    """Refuse to judge calls that cannot be told from those of other events.

    Raises:
        Unavailable: If so.
    """
    if not occasion.shape().is_telling:
        raise Unavailable("nothing that is sent tells one event from another beforehand")
