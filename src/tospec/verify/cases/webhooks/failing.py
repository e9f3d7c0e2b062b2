"""What becomes of deliveries that fail: attempted again under the same id, and not too often."""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from tospec.verify.base import Judgement, PlannedCase
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks.common import (
    Office,
    case,
    control,
    inspect,
    topic_of_webhooks,
)
from tospec.verify.cases.webhooks.desk import Replies
from tospec.verify.cases.webhooks.happenings import ARRIVES, SETTLES, Happening
from tospec.verify.hooks.received import THANKS, Received
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Trial
from tospec.verify.stubs.called import Reply

_LONGEST_WAIT: Final = 60.0
_LONGER: Final = 1.0
_LATE: Final = 10.0
"""Seconds by which an attempt may be late on a busy machine."""
_DELIVERIES: Final = 6
_AT_ONCE: Final = 10
"""An attempt within this part of the longest wait comes as good as at once."""
ERROR: Final = Reply(status=500, text="{}")


def ways(timeout: int) -> Sequence[tuple[str, Reply]]:
    """Return in which ways a receiver fails at first."""
    return (
        ("500", ERROR),
        ("429", Reply(status=429, text="{}")),
        ("no answer", Reply(status=0, seconds=timeout + _LONGER)),
    )


def retried(planner: Planner, trigger: Trigger, name: str, reply: Reply) -> PlannedCase:
    """Return the case that what failed at first is attempted again, and then no more."""

    def run(office: Office) -> Judgement:
        wait = _first_wait(office) + reply.seconds
        if wait > _LONGEST_WAIT:
            return skipped("attempted again", f"It may take {wait:g} s, longer than a case waits.")
        trial = Trial("attempted again under the same id, and once more only")
        happening = office.coming(trigger)
        hook = office.own.register([trigger.event.name])

        def fails_first(received: Received, attempt: int) -> Reply:
            concerned = happening.concerns(received) or happening.tells(received)
            return reply if attempt == 1 and concerned else THANKS

        hook.inbox.reply = fails_first
        control(trial, "the event", happening, hook, ARRIVES)
        found = hook.inbox.wait(happening.tells, 2, wait + _LATE)
        time.sleep(SETTLES)
        found = hook.inbox.those(lambda each: each.id == found[0].id)
        trial.need("attempted again", holds=len(found) > 1, got=f"not within {wait + _LATE:g} s")
        trial.need("and no more", holds=len(found) < 3, got=f"{len(found)} attempts")
        same = all(each.content == found[0].content for each in found)
        trial.need("the same content", holds=same, got="another one")
        ids = {each.id for each in hook.inbox.those(happening.tells)}
        trial.need("one id", holds=len(ids) == 1, got=f"{len(ids)} ids")
        for each in found:
            inspect(trial, each, hook, office)
        return trial.judgement()

    rule = (
        f"After {name} a delivery is attempted again within its first wait, under the same id, "
        f"signed anew; once it is received, nothing follows within {SETTLES:g} s."
    )
    return case(planner, topic_of_webhooks(planner.system), _variant("first", name), rule, run)


def _variant(head: str, name: str) -> str:
    return f"{head}-{name.replace(' ', '-')}"


def _first_wait(office: Office) -> float:
    waits = office.rules.retry.waits
    return float(waits[0]) if waits else 0.0


def spaced(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that a receiver which fails is left alone for a while."""

    def run(office: Office) -> Judgement:
        wait, most = _first_wait(office), office.rules.retry.attempts
        if wait > _LONGEST_WAIT:
            return skipped("waits", f"It may take {wait:g} s, longer than a case waits.")
        if most < 3:
            return skipped("waits", "There are too few attempts to tell.")
        trial = Trial(f"waits of {wait:g} s at the most before the second attempt, growing then")
        hook = office.own.register([trigger.event.name], lambda received, attempt: ERROR)
        happenings = [office.coming(trigger) for _ in range(_DELIVERIES)]
        for each in happenings:
            control(trial, "the event", each, hook, 2 * ARRIVES)
        time.sleep(wait + _LATE)
        _judge(trial, _attempts(hook.inbox.those(lambda each: True), happenings), wait, most)
        return trial.judgement()

    rule = (
        f"Of {_DELIVERIES} deliveries to a receiver that fails, each is attempted again within "
        f"its first wait, not all as good as at once, none more often than the spec says."
    )
    return case(planner, topic_of_webhooks(planner.system), "waits", rule, run)


def _attempts(
    received: Sequence[Received], happenings: Sequence[Happening]
) -> list[Sequence[float]]:
    """Return when each delivery was attempted, in seconds after its first attempt."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for each in received:
        if any(one.tells(each) for one in happenings):
            found[each.id].append(each.at)
    return [[at - times[0] for at in times] for times in found.values()]


def _judge(trial: Trial, attempts: Sequence[Sequence[float]], wait: float, most: int) -> None:
    many = len(attempts)
    trial.need("a delivery of each", holds=many == _DELIVERIES, got=f"{many} ids")
    left = sum(len(times) < 2 for times in attempts)
    trial.need("attempted again", holds=not left, got=f"{left} of {many} not within {wait:g} s")
    soon = wait / _AT_ONCE
    seconds = sum(len(times) > 1 and times[1] < soon for times in attempts)
    trial.need("a wait", holds=seconds < many, got=f"all attempted again within {soon:g} s")
    thirds = sum(len(times) > 2 and times[2] < soon for times in attempts)
    trial.need("longer waits", holds=thirds * 2 < many, got=f"{thirds} three times in {soon:g} s")
    over = max((len(times) for times in attempts), default=0)
    trial.need("attempts", holds=over <= most, got=f"{over} attempts")


def gone(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that a receiver which wants nothing ever again gets nothing."""

    def run(office: Office) -> Judgement:
        wait = min(_first_wait(office), _LONGEST_WAIT / 2)
        trial = Trial("one attempt, and the webhook switched off")
        first, second = office.coming(trigger), office.coming(trigger)
        hook = office.own.register([trigger.event.name])
        beside = office.own.register([trigger.event.name])
        hook.inbox.reply = _gone_for(first)
        control(trial, "the event", first, hook, ARRIVES)
        time.sleep(wait + SETTLES)
        mark = len(hook.inbox.those(lambda each: True))
        shown = office.own.read(hook)
        off = shown.get("active") is False
        trial.need("switched off", holds=off, got=f"active: {shown.get('active')}")
        control(trial, "to another webhook", second, beside, ARRIVES)
        time.sleep(SETTLES)
        many = len(hook.inbox.those(first.tells))
        trial.need("one attempt", holds=many == 1, got=f"{many} attempts")
        after = len(hook.inbox.those(lambda each: True)) - mark
        trial.need("nothing afterwards", holds=not after, got=f"{after} deliveries")
        return trial.judgement()

    rule = (
        "After 410 a delivery is not attempted again, and nothing is delivered to the webhook any "
        "more: it tells that it is switched off."
    )
    return case(planner, topic_of_webhooks(planner.system), "gone", rule, run)


def _gone_for(happening: Happening) -> Replies:
    def reply(received: Received, attempt: int) -> Reply:
        del attempt
        concerned = happening.concerns(received) or happening.tells(received)
        return Reply(status=410, text="{}") if concerned else THANKS

    return reply
