"""Each event is delivered once, signed, and nothing else is."""

import time
from collections.abc import Iterator
from typing import Final

from tospec.model import Kind
from tospec.verify.base import Judgement, PlannedCase, Unavailable
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks.common import (
    Office,
    case,
    control,
    inspect,
    one,
    topic_of_event,
)
from tospec.verify.cases.webhooks.desk import Hook
from tospec.verify.cases.webhooks.happenings import ARRIVES, SETTLES, Happening, coming
from tospec.verify.hooks.received import Received
from tospec.verify.oracle.contract import REST, told
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.scene.parts import Somebody, Trial

_ENTERED: Final = 5.0
"""Seconds after which it must be told of a delivery what became of it."""


def delivered(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that an event is delivered once to who chose it, with what it carries."""

    def run(office: Office) -> Judgement:
        trial = Trial("one signed delivery of each event")
        hook = office.own.register([trigger.event.name])
        happening = office.coming(trigger)
        happening.settle(hook.inbox)
        before = {each.id for each in hook.inbox.those(happening.tells)}
        answer = happening.happen()
        trial.control("the event", answer, works=True)
        hook.inbox.wait(lambda each: happening.tells(each) and each.id not in before, 1, ARRIVES)
        time.sleep(SETTLES)
        new = [each for each in hook.inbox.those(happening.tells) if each.id not in before]
        trial.need("delivered", holds=bool(new), got=_instead(hook, happening))
        ids = {each.id for each in new}
        trial.need("once", holds=len(new) < 2, got=f"{len(new)} under {len(ids)} ids")
        for each in new[:1]:
            inspect(trial, each, hook, office)
            _inspect_body(trial, each, happening, office)
            _inspect_entry(trial, each, hook, office)
        others = hook.inbox.those(lambda each: each.type != trigger.event.name)
        names = ", ".join(sorted({each.type or "nothing" for each in others}))
        trial.need("only what was chosen", holds=not others, got=f"{names} as well")
        return trial.judgement()

    name = trigger.operation.name
    rule = (
        f"{name} is delivered as {trigger.event.name} within {ARRIVES:g} s, once, signed as "
        "Standard Webhooks has it, with what the event carries; events that were not chosen are "
        "not delivered."
    )
    return case(planner, topic_of_event(trigger.event), f"delivered-{name}", rule, run)


def _instead(hook: Hook, happening: Happening) -> str:
    others = hook.inbox.those(lambda each: True)
    near = hook.inbox.those(happening.concerns)
    return f"nothing within {ARRIVES:g} s; {len(others)} other deliveries, {len(near)} near it"


def _inspect_body(trial: Trial, received: Received, happening: Happening, office: Office) -> None:
    names = frozenset(received.data)
    wanted = happening.names()
    got = f"without {sorted(wanted - names)}, with {sorted(names - wanted)}"
    trial.need("what the event carries", holds=names == wanted, got=got)
    for name, value in happening.carried().items():
        seen = received.data.get(name)
        trial.need(name, holds=_same(seen, value), got=f"{seen!r} and not {value!r}")
    tenant = office.own.person().tenant_id
    if tenant is not None:
        seen = received.body.get("tenant_id")
        trial.need("tenant_id", holds=seen == tenant, got=f"{seen}")


def _same(seen: object, wanted: object) -> bool:
    if isinstance(seen, str) and isinstance(wanted, str) and wanted.endswith("Z"):
        return seen[:19] == wanted[:19]
    return seen == wanted


def _inspect_entry(trial: Trial, received: Received, hook: Hook, office: Office) -> None:
    row = office.own.delivery(hook, received.id, "delivered", _ENTERED)
    got = f"{row.get('state')} after {row.get('attempt')} attempts" if row else "no such delivery"
    holds = row.get("state") == "delivered" and row.get("attempt") == 1
    trial.need("the list of deliveries", holds=holds, got=got)


def refused(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that what is refused or rolled back is not delivered."""

    def run(office: Office) -> Judgement:
        trial = Trial("nothing")
        hook = office.own.register([trigger.event.name])
        happening = office.coming(trigger)
        broken = _broken(office, trigger)
        for each in (happening, *broken):
            each.settle(hook.inbox)
        before = {each.id for each in hook.inbox.those(lambda _: True)}
        tried = [*_refusals(happening), *(_rule(each) for each in broken)]
        if not tried:
            raise Unavailable("no request was found that has to be refused")
        control(trial, "what is carried out", happening, hook, ARRIVES)
        time.sleep(SETTLES)

        def is_new(each: Received) -> bool:
            concerned = any(one.concerns(each) for one in (happening, *broken))
            return concerned and each.id not in before

        own = {each.id for each in hook.inbox.those(happening.tells)} - before
        strays = {each.id for each in hook.inbox.those(is_new)} - own
        what = f"after {', '.join(tried)}"
        trial.need(what, holds=not strays, got=f"{len(strays)} events")
        trial.need("of what was carried out", holds=len(own) == 1, got=f"{len(own)} events")
        return trial.judgement()

    name = trigger.operation.name
    rule = (
        f"{name} that is refused, or rolled back since it breaks a rule, is not delivered as "
        f"{trigger.event.name}; one that is carried out is, once."
    )
    return case(planner, topic_of_event(trigger.event), f"refused-{name}", rule, run)


def _refusals(happening: Happening) -> Iterator[str]:
    """Send the request so that it must be refused, each time in another way; yield how."""
    scene, step = happening.scene, happening.step
    able = roles_of(scene.system, step.operation)
    for role in [each for each in scene.system.roles if each not in able][:1]:
        answer = scene.send(scene.request(step.taken_by(Somebody(role=role, number=1)), headers={}))
        yield _required(f"no permission ({told(answer)})", answer.status)
    body = scene.body(step)
    if isinstance(body, dict) and body:
        wrong = {**body, next(iter(body)): {"no": ["value"]}}
        answer = scene.send(scene.request(step, body=wrong))
        yield _required(f"a malformed body ({told(answer)})", answer.status)
    entity = scene.system.entity(step.operation.entity)
    if step.operation.kind is Kind.UPDATE and entity.optimistic and scene.system.has(REST):
        answer = scene.send(scene.request(step, headers={"If-Match": '"stale"'}))
        yield _required(f"a stale version ({told(answer)})", answer.status)


def _broken(office: Office, trigger: Trigger) -> tuple[Happening, ...]:
    """Return a situation in which the same request breaks a rule, if there is one."""
    try:
        return (coming(office.planner, office.stage, trigger, wanted=_breaks_a_rule),)
    except Unavailable:
        return ()


def _breaks_a_rule(prediction: Prediction) -> bool:
    return prediction.situation is Situation.RULE


def _rule(happening: Happening) -> str:
    answer = happening.scene.send(happening.scene.request(happening.step))
    return _required(f"a broken rule ({told(answer)})", answer.status)


def _required(what: str, status: int) -> str:
    """Return what was refused.

    Raises:
        Unavailable: If it was not, which other cases judge.
    """
    if not 400 <= status < 500:
        raise Unavailable(f"it was not refused: {what}")
    return what


def apart(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that an event is told to webhooks of its own tenant only."""

    def run(office: Office) -> Judgement:
        trial = Trial("events of its own tenant")
        names = list(office.rules.events)
        hooks = [desk.register(names) for desk in (office.own, office.other)]
        happenings = [office.coming(trigger, tenant=each) for each in (0, 1)]
        for happening, hook in zip(happenings, hooks, strict=True):
            control(trial, "to its own tenant", happening, hook, ARRIVES)
        time.sleep(SETTLES)
        desks = (office.own, office.other)
        for desk, hook, foreign in zip(desks, hooks, reversed(happenings), strict=True):
            tenant = desk.person().tenant_id
            strays = hook.inbox.those(lambda each: _is_of_another(each, foreign, tenant))  # noqa: B023 - called at once
            got = f"{len(strays)} of another one"
            trial.need(f"to tenant {desk.tenant}", holds=not strays, got=got)
        return trial.judgement()

    rule = f"{trigger.event.name} is delivered to webhooks of the tenant where it happened only."
    return case(planner, topic_of_event(trigger.event), "tenants", rule, run)


def _is_of_another(received: Received, foreign: Happening, tenant: str | None) -> bool:
    told_of = received.body.get("tenant_id")
    return foreign.concerns(received) or (tenant is not None and told_of != tenant)


__all__ = ["apart", "delivered", "one", "refused"]
