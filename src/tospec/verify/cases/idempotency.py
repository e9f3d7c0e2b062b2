"""A creation that is sent again with its `Idempotency-Key` is answered again, and made once."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from tospec.model import Operation, System
from tospec.verify.base import (
    Answer,
    Json,
    Judgement,
    Person,
    PlannedCase,
    Stage,
    Unavailable,
)
from tospec.verify.cases.audit import entries_of, trail_of
from tospec.verify.oracle.contract import Expected, problem, told
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.probes.accounts import Accounts, named
from tospec.verify.probes.judging import succeeded
from tospec.verify.probes.routes import allowed
from tospec.verify.scene.keyed import Keyed, is_replayed
from tospec.verify.scene.parts import (
    CaseKind,
    Goal,
    Planner,
    Topic,
    Trial,
    about,
    control,
    done,
    hold,
    modelled,
    somebody_who_can,
)

NAME: Final = "idempotency"
_REFERENCE: Final = "draft-ietf-httpapi-idempotency-key-header"
_LONGEST: Final = 255
_RUNNERS: Final = 4
_ROUNDS: Final = 2
_CONFLICT: Final = 409
_OVERLOADED: Final = 503
_MALFORMED: Final = {"empty": "", "too long": "k" * (_LONGEST + 1), "half quoted": '"open'}


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    keyed = [each for each in modelled(system) if system.takes_key(each) and each.entity != PEOPLE]
    for operation in keyed:
        topic = replace(about(NAME, operation), requirements=_requirements(system, operation))
        yield _again(planner, topic, operation)
        yield _other_body(planner, topic, operation)
        yield _malformed(planner, topic, operation)
        yield _others(planner, topic, operation)
        yield _raced(planner, topic, operation)
        yield _invalid(planner, topic, operation)
        outsiders = [each for each in system.roles if each not in roles_of(system, operation)]
        if outsiders and system.auth is not None:
            yield _demoted(planner, topic, operation, outsiders[0])
    for operation, other in pairwise(keyed):
        topic = replace(about(NAME, operation), requirements=_requirements(system, operation))
        yield _other_operation(planner, topic, operation, other)


def _requirements(system: System, operation: Operation) -> tuple[str, ...]:
    own = system.idempotency.requirements if system.idempotency else ()
    return tuple(dict.fromkeys((*own, *operation.requirements)))


def _id(answer: Answer) -> str:
    return str(answer.json.get("id")) if isinstance(answer.json, dict) else ""


def _again(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the first answer, and one row")
        keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
        first = keyed.first(trial)
        trial.need("the first time", holds=not is_replayed(first), got="an answer given again")
        for what, key in (("again", keyed.key), ("with quotes", f'"{keyed.key}"')):
            keyed.repeated(trial, what, first, keyed.send(key))
        trail = trail_of(stage.system, operation)
        if trail is not None and keyed.step.makes is not None:
            found = len(entries_of(keyed.scene, trail, keyed.step.makes))
            trial.need("audit entries", holds=found == 1, got=f"{found} of them")
        return trial.judgement()

    rule = "A creation that is sent again with its key is answered as it was the first time."
    return topic.case("again", rule, run, reference=_REFERENCE, cost=7)


def _other_body(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 422, "idempotency-key-reused", tolerant=(400, 409))
        trial = Trial(str(wanted))
        keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
        first = keyed.first(trial)
        hold(trial, "another body", keyed.send(body=_another_body(keyed)), wanted)
        keyed.repeated(trial, "again", first, keyed.send())
        return trial.judgement()

    rule = "A key that comes with another body is refused."
    return topic.case("other-body", rule, run, reference=_REFERENCE, cost=7)


def _another_body(keyed: Keyed) -> Json:
    other = keyed.scene.body(keyed.scene.chosen(keyed.plan))
    if other == keyed.scene.body(keyed.step):
        raise Unavailable("there is no other body that would succeed")
    return other


def _malformed(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 400, "idempotency-key-invalid", tolerant=(422,))
        trial = Trial(str(wanted))
        keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
        for what, key in _MALFORMED.items():
            hold(trial, f"a key that is {what}", keyed.send(key), wanted)
        longest = keyed.send(keyed.key.ljust(_LONGEST, "k"))
        control(trial, "the longest key", longest, keyed.wanted)
        return trial.judgement()

    rule = "What cannot be a key is refused."
    return topic.case("malformed", rule, run, reference=_REFERENCE, cost=8)


def _others(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("a row of their own, and never the answer to somebody else")
        own = Keyed.ready(stage, somebody_who_can(planner, operation))
        first = own.first(trial)
        for who in (replace(own.step.by, number=1), replace(own.step.by, tenant=1)):
            plot = planner.find(Goal(operation=operation, me=who, wanted=done))
            if plot is None:
                continue
            theirs = Keyed.ready(stage, plot)
            answer = theirs.send(own.key)
            theirs.made(trial, f"the key of {own.step.by.key} by {who.key}", answer)
            trial.certain = trial.certain or (_id(first) == _id(answer) != "")
        own.repeated(trial, "again", first, own.send())
        return trial.judgement()

    rule = "A key is that of one person: others who use it are not answered for them."
    return topic.case("others", rule, run, reference=f"{_REFERENCE}, OWASP API1", cost=14)


def _other_operation(
    planner: Planner, topic: Topic, operation: Operation, other: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("a row for each operation")
        one = Keyed.ready(stage, somebody_who_can(planner, operation))
        one.first(trial)
        plot = planner.find(Goal(operation=other, me=one.step.by, wanted=done))
        if plot is None:
            raise Unavailable(f"{one.step.by.key} has no way to {other.name}")
        another = Keyed.ready(stage, plot)
        another.made(trial, f"the same key for {other.name}", another.send(one.key))
        return trial.judgement()

    rule = "A key is that of one operation."
    return topic.case(f"not-{other.name}", rule, run, reference=_REFERENCE, cost=8)


def _raced(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("one row; the others get its answer, or 409 idempotency-in-progress")
        for _ in range(_ROUNDS):
            keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
            headers = {"Idempotency-Key": keyed.key}
            request = keyed.scene.request(keyed.step, headers=headers)
            answers = stage.race([request] * _RUNNERS)
            _judge_race(trial, keyed, answers)
            last = keyed.send()
            control(trial, "afterwards", last, keyed.wanted)
            same = {_id(each) for each in answers if keyed.wanted.fits(each)} == {_id(last)}
            trial.need("the row afterwards", holds=same, got=f"another one: {told(last)}")
        return trial.judgement()

    rule = "Of creations that race with one key one is carried out."
    return topic.case("raced", rule, run, reference=_REFERENCE, cost=16)


def _judge_race(trial: Trial, keyed: Keyed, answers: list[Answer]) -> None:
    waiting = problem(keyed.scene.system, _CONFLICT, "idempotency-in-progress")
    made = [each for each in answers if keyed.wanted.fits(each)]
    others = [each for each in answers if each not in made]
    if any(answer.status == _OVERLOADED for answer in others):
        raise Unavailable("the target said that it is overloaded while requests raced")
    rows = {_id(each) for each in made}
    trial.need("rows", holds=len(rows) == 1, got=f"{len(rows)} of them")
    trial.certain = trial.certain or len(rows) > 1
    for answer in others:
        hold(trial, "who comes meanwhile", answer, waiting)
        again = answer.headers.get("retry-after", "missing")
        trial.need("Retry-After", holds=again.isdecimal() and int(again) > 0, got=again)


def _invalid(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("a refusal of the body, and then a row")
        keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
        refusal = keyed.send(body=[])
        refused = Expected(statuses=(400, 422))
        hold(trial, "a body that is none", refusal, refused)
        keyed.made(trial, "the same key with a right one", keyed.send())
        other = Keyed.ready(stage, somebody_who_can(planner, operation))
        control(trial, "another key", other.send(), other.wanted)
        return trial.judgement()

    rule = "A body that is not valid uses no key up."
    return topic.case("invalid", rule, run, reference=_REFERENCE, cost=8)


def _demoted(planner: Planner, topic: Topic, operation: Operation, lesser: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 403, "permission-denied", tolerant=(401, 404))
        trial = Trial(str(wanted))
        keyed = Keyed.ready(stage, somebody_who_can(planner, operation))
        me = stage.fresh_person(keyed.step.by.role)
        headers = {"Idempotency-Key": keyed.key}
        request = replace(keyed.scene.request(keyed.step, headers=headers), person=me)
        first = keyed.scene.send(request)
        control(trial, "the first time", first, keyed.wanted)
        _give_role(stage, me, lesser)
        hold(trial, f"again as {lesser}", keyed.scene.send(request), wanted)
        return trial.judgement()

    rule = "Who may no longer create anything is not told what they created before."
    return topic.case("demoted", rule, run, reference=f"{_REFERENCE}, OWASP API5", cost=10)


def _give_role(stage: Stage, whom: Person, role: str) -> None:
    accounts, changing = Accounts(stage), named(stage.system, "UpdateUser")
    manager = stage.person(allowed(stage.system, changing)[0])
    read = accounts.call("GetUser", id_=whom.user_id or "", person=manager)
    tag = {"If_Match": read.headers["etag"]} if "etag" in read.headers else {}
    change: Json = {"role": role}
    answer = accounts.call("UpdateUser", change, id_=whom.user_id or "", person=manager, **tag)
    if not succeeded(answer):
        raise Unavailable(f"a change of role was answered by {told(answer)}")


KIND: Final = CaseKind(NAME, _planned)
