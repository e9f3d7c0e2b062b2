"""What becomes of calls to a service that fails first, refuses, or has no time."""

import json
import time
from collections.abc import Sequence
from typing import Final

from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.integrations.common import (
    ARRIVES,
    SETTLES,
    Asking,
    case,
    control,
    doubled,
    inspect_each,
    one_key,
    require_telling,
)
from tospec.verify.cases.integrations.dead_letters import DeadLetters
from tospec.verify.cases.integrations.occasions import Happened
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Trial
from tospec.verify.stubs.called import Called, Reply, Stub

_LONGEST_CASE: Final = 30.0
_SAID: Final = "stub-said-7f3c9d"
"""What nobody but the service says; it must not be told to clients."""
TEXT: Final = json.dumps({"error": f"{_SAID} no"})
_MORE: Final = 1.0


def fails_first(asking: Asking, name: str, reply: Reply) -> PlannedCase:
    """Return the case that what failed is asked for again, and done once."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        wait = _first_wait(asking) + reply.seconds
        if wait > _LONGEST_CASE:
            return skipped("asked again", f"It may take {wait:g} s, longer than a case waits.")
        breaker = asking.integration.breaker
        if breaker.failures <= len(faults(asking)) and breaker.open / 1000 > ARRIVES:
            return skipped("asked again", "The service is left alone after so few failures.")
        if most_of(asking) < 2 or not asking.call.is_repeatable:
            return skipped("asked again", "The spec says that it is not asked for again.")
        trial = Trial("asked for again under the same key, and once")
        event, calls = answered(asking, stage, stub, [reply], 2, max(ARRIVES, wait))
        trial.control("the event", event.answer, works=bool(calls))
        trial.need("asked again", holds=len(calls) > 1, got=f"{len(calls)} calls")
        one_key(trial, asking, calls)
        found = doubled(asking, calls, 2)
        trial.need("once done", holds=not found, got=found)
        inspect_each(trial, asking, calls)
        return trial.judgement()

    rule = (
        f"After {name} the service is asked again within {ARRIVES:g} s, under the same key; once "
        f"it has done it, nothing follows within {SETTLES:g} s."
    )
    return case(asking, asking.of_service(), f"first-{name.replace(' ', '-')}", rule, run)


def faults(asking: Asking) -> Sequence[tuple[str, Reply]]:
    """Return in which ways the service fails first."""
    seconds = asking.integration.timeout / 1000 + _MORE
    return (
        ("500", Reply(status=500, text=TEXT)),
        ("503", Reply(status=503, text=TEXT, headers=(("retry-after", "1"),))),
        ("no answer", Reply(status=0, seconds=seconds)),
    )


def answered(
    asking: Asking,
    stage: Stage,
    stub: Stub,
    replies: Sequence[Reply],
    many: int,
    seconds: float,
    *,
    stays: bool = False,
) -> tuple[Happened, Sequence[Called]]:
    """Bring an event about whose calls are replied to so; return the calls, once there are enough.

    Raises:
        Unavailable: If its calls cannot be told from others beforehand.
    """
    occasion = asking.on(stage, stub).of(asking.trigger)
    require_telling(occasion)
    orders = stub.order(occasion.shape().fits, *replies, stays=stays)
    try:
        event = occasion.happen()
        stub.wait(occasion.mark, event.sent.fits, many, seconds)
        time.sleep(SETTLES)
    finally:
        stub.withdraw(orders)
    return event, stub.since(occasion.mark, event.sent.fits)


def _first_wait(asking: Asking) -> float:
    """Return the seconds after which a second attempt must have been made."""
    service, retry = asking.integration, asking.job.retry
    if service.retry.attempts > 1:
        return service.longest_call / 1000 + retry.base
    return float(service.timeout / 1000 + min(retry.base, retry.cap))


def most_of(asking: Asking) -> int:
    """Return how often a job may ask at the most."""
    return asking.integration.retry.attempts * asking.job.retry.attempts


def permanent(asking: Asking) -> PlannedCase:
    """Return the case that what was refused for good is not asked for again, but by people."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        trial = Trial("asked for once")
        letters = DeadLetters.of(stage, asking.job)
        before = letters.ids() if letters else frozenset()
        refusal = Reply(status=400, text=TEXT)
        wait = min(_first_wait(asking), ARRIVES / 2)
        event, calls = answered(asking, stage, stub, [refusal], 2, wait, stays=True)
        control(trial, stub, asking.on(stage, stub).of(asking.trigger).happen())
        trial.need("its call", holds=bool(calls), got=f"none within {wait:g} s")
        again = f"{len(calls)} calls"
        trial.need("not again", holds=len(calls) < 2, got=again)
        if letters and len(calls) == 1:
            _replayed(trial, asking, stub, letters, before, event)
        return trial.judgement()

    wait = min(_first_wait(asking), ARRIVES / 2) + SETTLES
    rule = (
        f"What the service refuses by 400 is not asked for again, as far as {wait:g} s tell; where "
        "people operate jobs it is a dead letter, replayed under the same key, and what the "
        "service said is not told."
    )
    return case(asking, asking.of_service(), "refuses", rule, run)


def _replayed(
    trial: Trial,
    asking: Asking,
    stub: Stub,
    letters: DeadLetters,
    before: frozenset[str],
    event: Happened,
) -> None:
    found = letters.new(before)
    trial.need("a dead letter", holds=len(found) == 1, got=f"{len(found)} new ones")
    trial.need("what the API tells", holds=not letters.tell(_SAID), got="what the service said")
    if len(found) != 1:
        return
    answer = letters.replay(found[0])
    trial.need("the replay", holds=200 <= answer.status < 300, got=str(answer.status))
    mark = event.occasion.mark
    stub.wait(mark, event.sent.fits, 2, ARRIVES)
    time.sleep(SETTLES)
    calls = stub.since(mark, event.sent.fits)
    trial.need("asked once more", holds=len(calls) == 2, got=f"{len(calls)} calls")
    one_key(trial, asking, calls)


def busy(asking: Asking) -> PlannedCase:
    """Return the case that a service without time is not asked more often than the spec says."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        most = most_of(asking)
        trial = Trial(f"asked for {most} times at the most")
        reply = Reply(status=429, text=TEXT)
        event, calls = answered(asking, stage, stub, [reply], most + 1, ARRIVES, stays=True)
        trial.control("the event", event.answer, works=bool(calls))
        # What is left to do is done while somebody listens; later it would seem that nobody does.
        stub.wait(event.occasion.mark, event.sent.fits, len(calls) + 1, ARRIVES / 2)
        trial.need("its calls", holds=len(calls) <= most, got=f"{len(calls)} calls or more")
        one_key(trial, asking, calls)
        return trial.judgement()

    rule = (
        "A service that answers 429 is asked no more often than attempts of the job times attempts "
        f"of the call, as far as {ARRIVES:g} s tell, and always under the same key."
    )
    return case(asking, asking.of_service(), "busy", rule, run)
