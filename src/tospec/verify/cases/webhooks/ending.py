"""Webhooks that end, are switched off and on, get another secret, or are delivered to by hand."""

import time
from collections.abc import Callable
from typing import Final

from tospec.verify.base import Answer, Judgement, PlannedCase, Unavailable
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks.common import (
    Office,
    case,
    control,
    inspect,
    one,
    topic_of_webhooks,
)
from tospec.verify.cases.webhooks.desk import PING, REDELIVER, ROTATE, Hook
from tospec.verify.cases.webhooks.failing import ERROR
from tospec.verify.cases.webhooks.happenings import ARRIVES, SETTLES
from tospec.verify.oracle.contract import told
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import succeeded
from tospec.verify.scene.parts import Trial

_LONGEST_WAIT: Final = 40.0

type End = Callable[[], Answer]


def deleted(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that nothing is delivered to a webhook that was deleted."""

    def run(office: Office) -> Judgement:
        trial = Trial("nothing once it is deleted")
        hook = office.own.register([trigger.event.name], lambda received, attempt: ERROR)
        _end(trial, office, trigger, hook, lambda: office.own.delete(hook))
        return trial.judgement()

    rule = (
        "Nothing is delivered to a webhook that was deleted: no later event, and no further "
        "attempt at what had failed, while another webhook of the same tenant is told."
    )
    return case(planner, topic_of_webhooks(planner.system), "deleted", rule, run)


def switched(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that nothing is delivered to a webhook while it is switched off."""

    def run(office: Office) -> Judgement:
        trial = Trial("nothing while it is switched off")
        hook = office.own.register([trigger.event.name], lambda received, attempt: ERROR)
        _end(trial, office, trigger, hook, lambda: office.own.change(hook, {"active": False}))
        answer = office.own.change(hook, {"active": True})
        trial.need("switched on again", holds=succeeded(answer), got=told(answer))
        happening = office.coming(trigger)
        happening.happen()
        one(trial, "once it is switched on again", happening, hook)
        return trial.judgement()

    rule = "Nothing is delivered to a webhook that is switched off, until it is on again."
    return case(planner, topic_of_webhooks(planner.system), "switched-off", rule, run)


def _end(trial: Trial, office: Office, trigger: Trigger, hook: Hook, end: End) -> None:
    """End a webhook to which a delivery has failed, and note what is delivered to it then."""
    beside = office.own.register([trigger.event.name])
    first, second = office.coming(trigger), office.coming(trigger)
    control(trial, "before", first, hook, ARRIVES)
    answer = end()
    if not succeeded(answer):
        raise Unavailable(f"it could not be ended: {told(answer)}")
    mark = len(hook.inbox.those(lambda _: True))
    control(trial, "to another webhook", second, beside, ARRIVES)
    waits = office.rules.retry.waits
    time.sleep(min(float(waits[0]) if waits else 0.0, _LONGEST_WAIT) + SETTLES)
    found = hook.inbox.those(lambda _: True)[mark:]
    again = sum(first.tells(each) for each in found)
    trial.need("no further attempt", holds=not again, got=f"{again} attempts")
    later = sum(second.tells(each) for each in found)
    trial.need("no later event", holds=not later, got=f"{later} deliveries")


def rotated(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that a new secret signs, beside the one before for a while."""

    def run(office: Office) -> Judgement:
        trial = Trial("signed with the new secret and the one before")
        hook = office.own.register([trigger.event.name])
        before = hook.secret
        answer = office.own.ask(ROTATE, hook.id, headers=office.own.condition(hook))
        told_ = answer.json.get("secret") if isinstance(answer.json, dict) else None
        if not succeeded(answer) or not isinstance(told_, str):
            raise Unavailable(f"{ROTATE} gave {told(answer)}, and no secret")
        trial.need("a new secret", holds=told_ != before, got="the same one")
        hook.secret = told_
        happening = office.coming(trigger)
        control(trial, "the event", happening, hook, ARRIVES)
        for each in hook.inbox.those(happening.tells)[:1]:
            inspect(trial, each, hook, office)
            fits = each.is_signed_with(before)
            trial.need("the secret before", holds=fits, got="no signature of it")
        return trial.judgement()

    rule = "After a rotation deliveries are signed with the new secret, and the one before as well."
    return case(planner, topic_of_webhooks(planner.system), "rotated", rule, run)


def redelivered(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that what was delivered is delivered by hand again under the same id."""

    def run(office: Office) -> Judgement:
        trial = Trial("once more under the same id")
        hook = office.own.register([trigger.event.name])
        happening = office.coming(trigger)
        control(trial, "the event", happening, hook, ARRIVES)
        first = hook.inbox.those(happening.tells)[0]
        row = office.own.delivery(hook, first.id, "delivered", ARRIVES / 2)
        if row.get("state") != "delivered":
            raise Unavailable("the delivery is not told to have arrived")
        answer = office.own.ask(REDELIVER, str(row.get("id")))
        trial.need("by hand", holds=succeeded(answer), got=told(answer))
        hook.inbox.wait(happening.tells, 2, ARRIVES)
        time.sleep(SETTLES)
        found = hook.inbox.those(happening.tells)
        trial.need("once more", holds=len(found) == 2, got=f"{len(found)} attempts in all")
        ids = {each.id for each in found}
        trial.need("the same id", holds=len(ids) == 1, got=f"{len(ids)} ids")
        same = all(each.content == first.content for each in found)
        trial.need("the same content", holds=same, got="another one")
        for each in found[1:]:
            inspect(trial, each, hook, office)
        return trial.judgement()

    rule = "A delivery that is made again by hand comes once more, under the same id, signed anew."
    return case(planner, topic_of_webhooks(planner.system), "by-hand", rule, run)


def pinged(planner: Planner) -> PlannedCase:
    """Return the case that a webhook can be tried without any event."""

    def run(office: Office) -> Judgement:
        trial = Trial("one signed delivery that stands for no event")
        names = list(office.rules.events)
        hook = office.own.register(names[:1])
        answer = office.own.ask(PING, hook.id)
        trial.control("asked for", answer, works=succeeded(answer))
        made = answer.json if isinstance(answer.json, dict) else {}
        id_ = made.get("event_id")
        found = hook.inbox.wait(lambda each: each.id == id_, 1, ARRIVES)
        time.sleep(SETTLES)
        found = hook.inbox.those(lambda each: each.id == id_)
        trial.need("delivered once", holds=len(found) == 1, got=f"{len(found)} attempts")
        for each in found[:1]:
            inspect(trial, each, hook, office)
            trial.need("no event", holds=each.type not in names, got=each.type)
        return trial.judgement()

    rule = f"{PING} delivers something that stands for no event, once and signed."
    return case(planner, topic_of_webhooks(planner.system), "tried", rule, run)
