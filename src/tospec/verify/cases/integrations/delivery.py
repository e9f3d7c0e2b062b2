"""Each event leads to one call, and what was not announced to none."""

import time
from collections.abc import Iterator, Mapping
from typing import Final

from tospec.model import Kind, Relation
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.integrations.common import (
    ARRIVES,
    SETTLES,
    Asking,
    arrived,
    case,
    control,
    doubled,
    inspect,
)
from tospec.verify.cases.integrations.occasions import Happened, Occasion, Occasions, place_of
from tospec.verify.cases.integrations.triggers import (
    INVITING,
    constants_of,
    is_settable,
    paths_of,
)
from tospec.verify.oracle.choices import values_around
from tospec.verify.oracle.contract import REST, told
from tospec.verify.oracle.interpreter import Around, holds
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import FRESH, Prediction, Situation, Step, sent_fields
from tospec.verify.oracle.values import TEXTS
from tospec.verify.oracle.world import Undetermined
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Somebody, Trial
from tospec.verify.stubs.called import Stub

_MOST_TRIED: Final = 6


def called(asking: Asking) -> PlannedCase:
    """Return the case that an event leads to one call, with what the spec says."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        occasions = asking.on(stage, stub)
        trial = Trial("one call for each event, with the values of the spec")
        one = occasions.of(asking.trigger).happen()
        if arrived(stub, one):
            other = occasions.of(asking.trigger).happen()
            arrived(stub, other)
            time.sleep(SETTLES)
            inspect(trial, asking, stub, other)
            _distinct(trial, asking, stub, one, other)
        inspect(trial, asking, stub, one)
        return trial.judgement()

    name = asking.trigger.operation.name
    rule = (
        f"{name} leads to one call of {_asked(asking)} within {ARRIVES:g} s, with the right "
        "values and proof; another one to a call under another key, and none follows within "
        f"{SETTLES:g} s."
    )
    return case(asking, asking.topic(), f"called-{name}", rule, run)


def _asked(asking: Asking) -> str:
    return f"{asking.integration.name}.{asking.call.name}"


def _distinct(trial: Trial, asking: Asking, stub: Stub, one: Happened, other: Happened) -> None:
    if not asking.call.keyed:
        return
    keys = [{c.key for c in stub.since(e.occasion.mark, e.sent.fits)} for e in (one, other)]
    shared = (keys[0] & keys[1]) - {""} if one.sent.is_telling else set()
    trial.need("a key for each event", holds=not shared, got="the same key for two events")


def unasked(asking: Asking) -> PlannedCase:
    """Return the case that nothing is asked for where `when` does not hold."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        trial = Trial("no call")
        event = _excluded(asking, stage, stub)
        if event is None:
            return skipped("no call", "No request was found for which `when` does not hold.")
        if not event.sent.is_telling:
            return skipped("no call", "Nothing would tell such a call from others.")
        beside = asking.on(stage, stub).of(asking.trigger).happen()
        control(trial, stub, beside, "where it holds")
        calls = [
            each
            for each in stub.since(event.occasion.mark, event.sent.fits)
            if not beside.sent.fits(each)
        ]
        trial.need("where it does not hold", holds=not calls, got=f"{len(calls)} calls")
        return trial.judgement()

    text = asking.job.when.text if asking.job.when else ""
    rule = f"Nothing is asked for unless: {text}; an event where it holds leads to a call."
    return case(asking, asking.topic(), f"when-{asking.trigger.operation.name}", rule, run)


def _excluded(asking: Asking, stage: Stage, stub: Stub) -> Happened | None:
    """Return an event, or what would be one, for which `when` does not hold."""
    for choices in _choices(asking):
        occasions = Occasions(asking.planner, stage, stub, asking.job, choices)
        try:
            event = occasions.of(asking.trigger).happen()
            around = Around(world=event.occasion.scene.world, event=event.facts)
            if asking.job.when is not None and not holds(asking.job.when, around):
                return event
        except (Unavailable, Undetermined):
            continue
    return None


def _choices(asking: Asking) -> Iterator[Mapping[Place, object]]:
    entity, when = asking.system.entity(asking.trigger.event.of), asking.job.when
    found: list[tuple[Place, object]] = []
    for path in paths_of((when,) if when else ()):
        name = path.names[0]
        relation, field = entity.relation(name), entity.field(name)
        place = place_of(asking.trigger, name)
        if not is_settable(asking.system, asking.trigger, name):
            continue
        if isinstance(relation, Relation) and relation.optional:
            found.append((place, None))
        elif field is not None and when is not None:
            found += [(place, v) for v in values_around(entity, field, constants_of(when))]
    yield from ({place: value} for place, value in found[:_MOST_TRIED])


def refused(asking: Asking) -> PlannedCase:
    """Return the case that requests which are refused lead to no call."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        trial = Trial("no call")
        occasions = asking.on(stage, stub)
        occasion = occasions.of(asking.trigger)
        shape = occasion.shape()
        if not shape.is_telling:
            return skipped("no call", "Nothing would tell such a call from others.")
        tried = [*_refusals(asking, occasion), *_rule_broken(asking, occasions, occasion)]
        if not tried:
            raise Unavailable("no request was found that has to be refused")
        people = occasion.people
        beside = occasions.of(asking.trigger, people=people).happen()
        control(trial, stub, beside, "a request that is carried out")
        own, mark = beside.sent.fits, occasion.mark
        calls = stub.since(mark, lambda each: shape.fits(each) or own(each))
        found = doubled(asking, calls)
        trial.need(f"after {', '.join(tried)}", holds=not found, got=found)
        return trial.judgement()

    rule = "A request that is refused, or rolled back, leads to no call; one carried out does."
    return case(asking, asking.topic(), f"refused-{asking.trigger.operation.name}", rule, run)


def _refusals(asking: Asking, occasion: Occasion) -> Iterator[str]:
    """Send the request so that it must be refused, each time in another way; yield how."""
    system, operation = asking.system, asking.trigger.operation
    able = roles_of(system, operation)
    for role in [each for each in system.roles if each not in able][:1]:
        answer = occasion.send(by=Somebody(role=role, number=1))
        yield _required(f"no permission ({told(answer)})", answer.status)
    body = occasion.body()
    if isinstance(body, dict) and body:
        answer = occasion.send(body={**body, next(iter(body)): {"no": ["value"]}})
        yield _required(f"a malformed body ({told(answer)})", answer.status)
    entity = system.entity(operation.entity)
    if operation.kind is Kind.UPDATE and entity.optimistic and system.has(REST):
        answer = occasion.send(headers={"If-Match": '"stale"'})
        yield _required(f"a stale version ({told(answer)})", answer.status)
    named = [name for name in occasion.people if name != asking.trigger.event.each]
    if operation.name != INVITING and operation.kind is Kind.CREATE and named:
        able_there = Somebody(role=occasion.step.by.role, tenant=1)
        answer = occasion.send(by=able_there)
        yield _required(f"another tenant's request ({told(answer)})", answer.status)


def _rule_broken(asking: Asking, occasions: Occasions, like: Occasion) -> Iterator[str]:
    if asking.trigger.operation.name == INVITING:
        return
    try:
        occasion = occasions.of(asking.trigger, people=like.people, wanted=_breaks_a_rule)
    except Unavailable:
        return
    answer = occasion.send()
    yield _required(f"a broken rule ({told(answer)})", answer.status)


def _breaks_a_rule(prediction: Prediction) -> bool:
    return prediction.situation is Situation.RULE


def _required(what: str, status: int) -> str:
    """Return what was refused.

    Raises:
        Unavailable: If it was not, which other cases judge.
    """
    if not 400 <= status < 500:
        raise Unavailable(f"it was not refused: {what}")
    return what


def unchanged(asking: Asking) -> PlannedCase:
    """Return the case that a change of something else leads to no call."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        trial = Trial("no further call")
        occasions = asking.on(stage, stub)
        event = occasions.of(asking.trigger).happen()
        control(trial, stub, event, "what it tells of")
        occasion, other = event.occasion, _something_else(asking)
        step = Step(
            operation=asking.trigger.operation,
            by=occasion.step.by,
            on=occasion.step.on,
            body={other: FRESH},
        )
        occasion.scene.play([step])
        control(trial, stub, occasions.of(asking.trigger).happen())
        found = doubled(asking, stub.since(occasion.mark, event.sent.fits))
        trial.need(f"a change of {other}", holds=not found, got=found)
        return trial.judgement()

    changed = asking.trigger.emission.changed if asking.trigger.emission else ""
    rule = f"Only a change of {changed} leads to a call, not one of something else."
    return case(asking, asking.topic(), f"unchanged-{asking.trigger.operation.name}", rule, run)


def _something_else(asking: Asking) -> str:
    entity = asking.system.entity(asking.trigger.event.of)
    told_of = {item.path for item in asking.trigger.event.payload}
    for field in sent_fields(entity, updates=True):
        if field.name not in told_of and field.type in TEXTS and field.pattern is None:
            return field.name
    raise Unavailable(f"{entity.name} has no other text to change")


def repeated(asking: Asking) -> PlannedCase:
    """Return the case that a request which is sent again under its key leads to one call."""

    def run(stage: Stage, stub: Stub) -> Judgement:
        trial = Trial("one call")
        occasions = asking.on(stage, stub)
        occasion = occasions.of(asking.trigger)
        headers = {"Idempotency-Key": f"tospec-{stage.random.getrandbits(96):024x}"}
        event = occasion.happen(headers)
        again = occasion.send(headers=headers)
        trial.control("sent again", again, works=again.status == event.answer.status)
        control(trial, stub, occasions.of(asking.trigger).happen())
        calls = stub.since(occasion.mark, event.sent.fits)
        trial.need("its calls", holds=bool(calls), got="none")
        found = doubled(asking, calls)
        trial.need("once", holds=not found, got=found)
        return trial.judgement()

    rule = "A request that is sent twice under one Idempotency-Key leads to one call."
    return case(asking, asking.topic(), f"again-{asking.trigger.operation.name}", rule, run)
