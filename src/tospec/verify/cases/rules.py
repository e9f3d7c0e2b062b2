"""Rules of entities and requirements of operations: one situation in which each is broken."""

from collections.abc import Iterator
from typing import Final

from tospec.expression import uses_now
from tospec.model import Kind, Operation, Requirement, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.nesting import circle, too_deep
from tospec.verify.cases.sides import sides
from tospec.verify.cases.transitions import broken_by
from tospec.verify.oracle.predicting import own_requirements, requirements_of
from tospec.verify.oracle.reading import reads_of
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Topic,
    Trial,
    control,
    modelled,
    place,
    play,
    somebody_who_can,
)

NAME: Final = "rules"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        guards = own_requirements(system, operation)
        for index, rule in enumerate(requirements_of(system, operation)):
            is_guard = operation.kind is Kind.TRANSITION and rule in guards
            if not is_guard:
                yield _broken(planner, operation, rule, index)
                if not uses_now(rule.that.tree) and not _held_before(planner, operation, rule):
                    topic = _topic(system, operation, rule.error, place(rule.span))
                    yield sides(planner, topic, operation, rule, f"{index + 1}-{rule.error}-sides")
        yield from _trees(planner, operation)


def _topic(system: System, operation: Operation, error: str, reference: str) -> Topic:
    own = (*operation.requirements, *system.error(error).requirements)
    return Topic(
        kind=NAME,
        label=operation.name,
        element=f"error {error}",
        reference=reference,
        operation=operation.name,
        requirements=tuple(dict.fromkeys(own)),
    )


def _broken(planner: Planner, operation: Operation, rule: Requirement, index: int) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        try:
            played = play(stage, broken_by(planner, operation, rule))
        except Unavailable as reason:
            if uses_now(rule.that.tree):
                return skipped(rule.error, "It becomes false only when time has passed.")
            if _held_before(planner, operation, rule):
                return skipped(rule.error, "It held for the row before it was deleted.")
            raise Unavailable(f"{reason}: {rule.error}") from None
        refused(
            played.trial,
            played.scene,
            played.step,
            lambda: played.judge(f"{operation.name} while not: {rule.that.text}"),
        )
        _control(planner, stage, played.trial, operation)
        return played.trial.judgement()

    topic = _topic(planner.system, operation, rule.error, place(rule.span))
    text = f"{operation.name} needs: {rule.that.text}; otherwise {rule.error}."
    return topic.case(f"{index + 1}-{rule.error}", text, run, cost=10)


def _held_before(planner: Planner, operation: Operation, rule: Requirement) -> bool:
    """Whether a row that comes back is as its rule had it, which asks of nothing around it."""
    entity = planner.system.entity(operation.entity)
    places = reads_of(planner.system, entity, (rule.that,)).places
    return operation.kind is Kind.RESTORE and all(len(place) == 1 for place in places)


def _control(planner: Planner, stage: Stage, trial: Trial, operation: Operation) -> None:
    if trial.certain:
        return
    allowed = play(stage, somebody_who_can(planner, operation))
    answer = allowed.scene.take(allowed.step)
    control(trial, f"{operation.name} where all rules hold", answer, allowed.expected())


def _trees(planner: Planner, operation: Operation) -> Iterator[PlannedCase]:
    if operation.kind not in {Kind.CREATE, Kind.UPDATE}:
        return
    entity = planner.system.entity(operation.entity)
    for relation in entity.relations:
        if relation.tree is not None and relation.writable:
            topic = _topic(
                planner.system, operation, relation.tree.error, place(relation.tree.span)
            )
            if operation.kind is Kind.CREATE:
                yield too_deep(planner, topic, operation, relation)
            elif relation.changeable:
                yield circle(planner, topic, operation, relation)


KIND: Final = CaseKind(NAME, _planned)
