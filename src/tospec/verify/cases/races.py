"""Two at once: exactly one wins."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Field, Generated, Kind, Operation, System, Unique
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import REST, success, told
from tospec.verify.oracle.predicting import transition_of
from tospec.verify.oracle.steps import Step, sent_fields
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Topic,
    Trial,
    about,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "races"
_RUNNERS: Final = 4
_OVERLOADED: Final = 503
_ROUNDS: Final = 2
_LOSERS: Final = (409, 412)
_GONE: Final = (404, 409, 412)


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        topic = about(NAME, operation)
        match operation.kind:
            case Kind.TRANSITION if _moves_away(system, operation):
                yield _one_wins(planner, topic, operation, _LOSERS, "Of racing moves one wins.")
            case Kind.DELETE:
                yield _one_wins(planner, topic, operation, _GONE, "A row is deleted once.")
            case Kind.UPDATE if system.entity(operation.entity).optimistic and system.has(REST):
                rule = "Of racing updates of one version one wins."
                yield _one_wins(planner, topic, operation, (412,), rule)
            case Kind.CREATE:
                yield from _creations(planner, topic, operation)


def _moves_away(system: System, operation: Operation) -> bool:
    transition = transition_of(system, operation)
    return transition is not None and transition.target not in transition.sources


def _creations(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    entity = planner.system.entity(operation.entity)
    names = {field.name for field in sent_fields(entity, updates=False)}
    for unique in entity.unique:
        if {*unique.fields} <= names:
            yield _unique(planner, topic, operation, unique)
    for field in entity.fields:
        if field.generated is Generated.SEQUENCE and operation.view:
            yield _sequence(planner, topic, operation, entity, field)


def _one_wins(
    planner: Planner, topic: Topic, operation: Operation, losers: tuple[int, ...], rule: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial(f"one success, and {' or '.join(map(str, losers))} for the others")
        for _ in range(_ROUNDS):
            played = play(stage, somebody_who_can(planner, operation))
            step = played.scene.chosen(played.step)
            answers = _raced(played, [step] * _RUNNERS)
            _judge(trial, stage.system, operation, answers, losers)
        return trial.judgement()

    return topic.case("one-wins", rule, run, cost=16)


def _raced(played: Played, steps: list[Step]) -> list[Answer]:
    requests = [played.scene.request(step) for step in steps]
    answers = played.scene.stage.race(requests)
    if any(answer.status == _OVERLOADED for answer in answers):
        raise Unavailable("the target said that it is overloaded while requests raced")
    return answers


def _judge(
    trial: Trial,
    system: System,
    operation: Operation,
    answers: list[Answer],
    losers: tuple[int, ...],
) -> None:
    wanted = success(system, operation)
    winners = [answer for answer in answers if wanted.fits(answer)]
    others = [answer for answer in answers if not wanted.fits(answer)]
    seen = ", ".join(map(told, answers))
    holds = len(winners) == 1 and all(answer.status in losers for answer in others)
    trial.need(f"{len(answers)} at once", holds=holds, got=seen)


def _unique(planner: Planner, topic: Topic, operation: Operation, unique: Unique) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("one success, and 409 for the others")
        for _ in range(_ROUNDS):
            played = play(stage, somebody_who_can(planner, operation))
            first = played.scene.chosen(played.step)
            same = {name: first.body[name] for name in unique.fields if name in first.body}
            steps = [_like(played, same) for _ in range(_RUNNERS)]
            _judge(trial, stage.system, operation, _raced(played, steps), (409,))
        return trial.judgement()

    name = "-".join(unique.fields)
    return topic.case(f"unique-{name}", f"Of racing rows with one {name} one wins.", run, cost=14)


def _like(played: Played, same: dict[str, object]) -> Step:
    step = played.scene.chosen(played.step)
    return replace(step, body={**step.body, **same})


def _sequence(
    planner: Planner, topic: Topic, operation: Operation, entity: Entity, field: Field
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        steps = [_like(played, {}) for _ in range(_RUNNERS)]
        answers = _raced(played, steps)
        numbers = [_number(stage.system, operation, each, field) for each in answers]
        trial = Trial("numbers without gaps, none twice")
        start = min(numbers)
        fits = sorted(numbers) == list(range(start, start + len(numbers)))
        trial.need(f"{field.name} of rows made at once", holds=fits, got=str(sorted(numbers)))
        if field.per is not None and not entity.under:
            trial.need("the first one", holds=start == 1, got=str(start))
        return trial.judgement()

    rule = f"{field.name} has neither gaps nor repetitions."
    return topic.case(f"sequence-{field.name}", rule, run, cost=8)


def _number(system: System, operation: Operation, answer: Answer, field: Field) -> int:
    found = answer.json.get(field.name) if isinstance(answer.json, dict) else None
    if not success(system, operation).fits(answer) or not isinstance(found, int):
        raise Unavailable(f"a creation gave {told(answer)} and no {field.name}")
    return found


KIND: Final = CaseKind(NAME, _planned)
