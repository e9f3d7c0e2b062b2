"""Jobs that were given up: after as many attempts as the spec says, and in whose hands they are."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from tospec.model import Operation
from tospec.verify.base import Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.cases.integrations.common import (
    ARRIVES,
    NAME,
    SETTLES,
    Asking,
    case,
    control,
    one_key,
    require_telling,
)
from tospec.verify.cases.integrations.dead_letters import CANCEL, OPERATIONS, DeadLetters
from tospec.verify.cases.integrations.failing import TEXT, most_of
from tospec.verify.cases.integrations.occasions import Happened
from tospec.verify.oracle.contract import problem, refusal, told
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Situation
from tospec.verify.probes.judging import skipped, succeeded
from tospec.verify.probes.routes import denied
from tospec.verify.scene.parts import Trial, about, hold
from tospec.verify.stubs.called import Called, Reply, Stub

_LONGEST_CASE: Final = 90.0
_LATE: Final = 5.0
"""Seconds by which an attempt may be late on a busy machine."""
_REFUSES: Final = Reply(status=400, text=TEXT)
_BUSY: Final = Reply(status=429, text=TEXT)


def given_up(asking: Asking) -> Iterator[PlannedCase]:
    """Yield the cases about jobs that were given up, where people operate jobs."""
    found = [each for each in asking.system.operations if each.name in OPERATIONS]
    if found:
        yield exhausted(asking)
    yield from (operated(asking, each) for each in found)


def exhausted(asking: Asking) -> PlannedCase:
    """Return the case that a job is attempted as often as the spec says, and then no more."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        retry, waits = asking.job.retry, _waits(asking)
        seconds = sum(waits) + retry.attempts * _call_seconds(asking) + ARRIVES
        if seconds > _LONGEST_CASE:
            return skipped("given up", f"It may take {seconds:g} s, longer than a case waits.")
        trial = Trial(f"{retry.attempts} attempts, within their waits")
        event, letters, found = _dead(asking, stage, stub, _BUSY, seconds)
        trial.control("the event", event.answer, works=True)
        trial.need("a dead letter", holds=len(found) == 1, got=f"{len(found)} in {seconds:g} s")
        calls = _calls(stub, event)
        most = most_of(asking)
        fits = retry.attempts <= len(calls) <= most
        trial.need("its calls", holds=fits, got=f"{len(calls)}")
        one_key(trial, asking, calls)
        for each in found[:1]:
            _judge_history(trial, asking, letters.told_of(each), waits)
            _put_away(letters, each)
        return trial.judgement()

    attempts = asking.job.retry.attempts
    rule = (
        f"A job whose service has no time for it is attempted {attempts} times, none later than "
        "its longest wait, and is a dead letter then."
    )
    return case(asking, asking.topic(), "given-up", rule, run)


def _put_away(letters: DeadLetters, id_: str) -> None:
    """Let nobody do later what this case has brought about."""
    if CANCEL in letters.operations:
        letters.ask(CANCEL, id_)


def _waits(asking: Asking) -> list[float]:
    """Return the longest wait before each attempt but the first."""
    retry = asking.job.retry
    return [min(retry.base * 2.0**each, retry.cap) for each in range(retry.attempts - 1)]


def _call_seconds(asking: Asking) -> float:
    """Return the longest time that one attempt of the job takes if it is answered at once."""
    retry = asking.integration.retry
    return sum(min(retry.base * 2.0**n, retry.cap) for n in range(retry.attempts - 1)) / 1000


def _judge_history(trial: Trial, asking: Asking, shown: Any, waits: Sequence[float]) -> None:
    attempts = asking.job.retry.attempts
    many = (shown.get("attempt"), shown.get("max_attempts"))
    trial.need("its attempts", holds=many == (attempts, attempts), got=f"{many[0]} of {many[1]}")
    history = shown.get("history")
    times = [_instant(each) for each in history] if isinstance(history, list) else []
    trial.need("each told of", holds=len(times) == attempts, got=f"{len(times)} of them")
    for wait, first, second in zip(waits, times, times[1:], strict=False):
        gap = (second - first).total_seconds()
        most = wait + _call_seconds(asking) + _LATE
        trial.need(f"a wait of {wait:g} s at the most", holds=gap <= most, got=f"{gap:.1f} s")


def _instant(entry: Any) -> datetime:
    try:
        return datetime.fromisoformat(entry["at"])
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable("the target does not tell when attempts were made") from fault


def _dead(
    asking: Asking, stage: Stage, stub: Stub, reply: Reply, seconds: float
) -> tuple[Happened, DeadLetters, list[str]]:
    """Bring a dead letter about; return its event, who operates jobs, and its id.

    Raises:
        Unavailable: If its calls cannot be told from others beforehand, or nobody operates jobs.
    """
    letters = DeadLetters.of(stage, asking.job)
    if letters is None:
        raise Unavailable("nobody operates jobs")
    occasion = asking.on(stage, stub).of(asking.trigger)
    require_telling(occasion)
    before = letters.ids()
    orders = stub.order(occasion.shape().fits, reply, stays=True)
    try:
        event = occasion.happen()
        found = letters.new(before, seconds)
    finally:
        stub.withdraw(orders)
    return event, letters, found


def _calls(stub: Stub, event: Happened) -> Sequence[Called]:
    return stub.since(event.occasion.mark, event.sent.fits)


def operated(asking: Asking, operation: Operation) -> PlannedCase:
    """Return the case that only who operates jobs of a tenant reaches what was given up there."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        event, letters, found = _dead(asking, stage, stub, _REFUSES, ARRIVES)
        if len(found) != 1:
            raise Unavailable(f"there are {len(found)} new dead letters, not one")
        name, id_, before = operation.name, found[0], len(_calls(stub, event))
        trial = Trial("only who operates the jobs of its tenant")
        for role in denied(stage.system, operation):
            wanted = refusal(stage.system, Situation.NO_PERMISSION)
            hold(trial, f"a {role}", letters.ask(name, id_, stage.person(role)), wanted)
        _foreign(trial, letters, operation, id_)
        control(trial, stub, asking.on(stage, stub).of(asking.trigger).happen())
        calls = len(_calls(stub, event)) - before
        trial.need("nothing is asked for meanwhile", holds=not calls, got=f"{calls} calls")
        _own(trial, letters, operation, id_)
        _follow(trial, stub, event, name, before)
        return trial.judgement()

    rule = (
        f"{operation.name} of a dead letter is refused to roles without the permission, and has "
        "nothing to do with those of another tenant; who may does it, once."
    )
    return case(asking, about(NAME, operation), "present", rule, run)


def _foreign(trial: Trial, letters: DeadLetters, operation: Operation, id_: str) -> None:
    """Ask as somebody who operates the jobs of another tenant."""
    stage = letters.stage
    other: Person = stage.person(roles_of(stage.system, operation)[0], tenant=1)
    answer = letters.ask(operation.name, id_, other)
    if "{" in operation.path:
        hold(trial, "another tenant", answer, refusal(stage.system, Situation.HIDDEN))
        return
    unknown = id_.encode() not in answer.body or not succeeded(answer)
    trial.need("another tenant", holds=unknown, got="told of it")


def _own(trial: Trial, letters: DeadLetters, operation: Operation, id_: str) -> None:
    """Ask as somebody who may; what is not dead any more is not replayed again."""
    answer = letters.ask(operation.name, id_)
    trial.need("who may", holds=succeeded(answer), got=told(answer))
    if operation.method == "GET":
        trial.need("it is told", holds=id_.encode() in answer.body, got="it is not")
    elif operation.name == CANCEL:
        wanted = problem(letters.stage.system, 409, "invalid-transition", tolerant=(400, 422))
        hold(trial, "a second time", letters.ask(CANCEL, id_), wanted)


def _follow(trial: Trial, stub: Stub, event: Happened, name: str, before: int) -> None:
    """Note whether the service is asked again just if a job was replayed."""
    replayed = name not in (CANCEL, *OPERATIONS[:2])
    if replayed:
        stub.wait(event.occasion.mark, event.sent.fits, before + 1, ARRIVES)
    time.sleep(SETTLES)
    calls = len(_calls(stub, event)) - before
    trial.need("asked for then", holds=calls == int(replayed), got=f"{calls} calls")
