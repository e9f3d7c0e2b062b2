"""Who may reach webhooks and deliveries that are there, and what is told of them."""

from collections.abc import Callable, Iterator
from typing import Final

from tospec.model import Operation
from tospec.verify.base import NOTHING, Answer, Json, Judgement, Person, PlannedCase
from tospec.verify.cases.integrations.triggers import Trigger
from tospec.verify.cases.webhooks.common import NAME, Office, case, control, topic_of_webhooks
from tospec.verify.cases.webhooks.desk import (
    DELETE,
    DELIVERIES,
    DELIVERY,
    LIST,
    PING,
    READ,
    REDELIVER,
    ROTATE,
    UPDATE,
    Desk,
    Hook,
)
from tospec.verify.cases.webhooks.happenings import ARRIVES
from tospec.verify.oracle.contract import refusal
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.steps import Situation
from tospec.verify.probes.judging import succeeded
from tospec.verify.probes.routes import denied
from tospec.verify.scene.parts import Trial, about, hold

ON_HOOKS: Final = (READ, PING, UPDATE, ROTATE, DELETE)
ON_DELIVERIES: Final = (DELIVERY, REDELIVER)
_LISTS: Final = (LIST, DELIVERIES)
_CONDITIONAL: Final = frozenset({UPDATE, ROTATE, DELETE})

type Ask = Callable[[Person | None], Answer]


def guarded(planner: Planner, trigger: Trigger, operation: Operation) -> PlannedCase:
    """Return the case that only who may reaches what is there, and nobody of another tenant."""

    def run(office: Office) -> Judgement:
        hook = office.own.register([trigger.event.name])
        ask = _asking(office, trigger, operation, hook)
        roles, foreign = denied(office.stage.system, operation), office.other.person()
        hidden = refusal(office.stage.system, Situation.HIDDEN)
        trial = Trial(f"{refusal(office.stage.system, Situation.NO_PERMISSION)}; {hidden}")
        for role in roles:
            wanted = refusal(office.stage.system, Situation.NO_PERMISSION)
            hold(trial, f"a {role}", ask(office.stage.person(role)), wanted)
        hold(trial, "another tenant", ask(foreign), hidden)
        answer = ask(None)
        trial.control("who may", answer, works=succeeded(answer))
        return trial.judgement()

    rule = (
        f"{operation.name} of what is there is refused to roles without the permission, and to "
        "another tenant as if it were not there; who may does it."
    )
    return case(planner, about(NAME, operation), "present", rule, run)


def _asking(office: Office, trigger: Trigger, operation: Operation, hook: Hook) -> Ask:
    """Return what asks for an operation on what is there, as somebody or as who may."""
    name, desk = operation.name, office.own
    id_ = hook.id if name in ON_HOOKS else _delivered(office, trigger, hook)
    body: Json = {"events": [trigger.event.name]} if name == UPDATE else NOTHING

    def ask(by: Person | None) -> Answer:
        headers = desk.condition(hook) if name in _CONDITIONAL else {}
        return desk.ask(name, id_, by=by, body=body, headers=headers)

    return ask


def _delivered(office: Office, trigger: Trigger, hook: Hook) -> str:
    happening, trial = office.coming(trigger), Trial("")
    control(trial, "the event", happening, hook, ARRIVES)
    first = hook.inbox.those(happening.tells)[0]
    return str(office.own.delivery(hook, first.id, "delivered", ARRIVES / 2).get("id"))


def listed(planner: Planner, trigger: Trigger, operation: Operation) -> PlannedCase:
    """Return the case that a list shows what is there, to its own tenant only."""

    def run(office: Office) -> Judgement:
        trial = Trial("only to its own tenant")
        hook = office.own.register([trigger.event.name])
        if operation.name == DELIVERIES:
            _delivered(office, trigger, hook)
        own, foreign = (_shown(desk, operation) for desk in (office.own, office.other))
        trial.control("to its own tenant", own, works=hook.id.encode() in own.body)
        trial.need("to another one", holds=hook.id.encode() not in foreign.body, got="shown")
        return trial.judgement()

    rule = f"{operation.name} shows what is there to its own tenant, and not to another one."
    return case(planner, about(NAME, operation), "present-list", rule, run)


def _shown(desk: Desk, operation: Operation) -> Answer:
    return desk.ask(operation.name, query={"limit": "200"})


def secret(planner: Planner, trigger: Trigger) -> PlannedCase:
    """Return the case that a secret is told once."""

    def run(office: Office) -> Judgement:
        trial = Trial("the secret is told once")
        hook = office.own.register([trigger.event.name])
        delivery = _delivered(office, trigger, hook)
        desk, word = office.own, hook.secret.removeprefix("whsec_").encode()
        answers = {
            READ: desk.ask(READ, hook.id),
            LIST: desk.ask(LIST),
            UPDATE: desk.change(hook, {"events": [trigger.event.name]}),
            DELIVERY: desk.ask(DELIVERY, delivery),
            DELIVERIES: desk.ask(DELIVERIES),
        }
        for name, answer in answers.items():
            trial.control(name, answer, works=succeeded(answer))
            trial.need(name, holds=word not in answer.body, got="the secret")
        return trial.judgement()

    rule = "The secret of a webhook is told when it is made, and by no other operation later."
    return case(planner, topic_of_webhooks(planner.system), "secret", rule, run)


def cases(planner: Planner, trigger: Trigger) -> Iterator[PlannedCase]:
    """Yield the cases about who may reach what is there."""
    for operation in planner.system.operations:
        if operation.name in (*ON_HOOKS, *ON_DELIVERIES):
            yield guarded(planner, trigger, operation)
        elif operation.name in _LISTS:
            yield listed(planner, trigger, operation)
    yield secret(planner, trigger)
