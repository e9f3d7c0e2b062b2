"""What the spec does not hold to be unique may repeat."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.oracle.contract import success
from tospec.verify.oracle.steps import FRESH, PEOPLE, Step, sent_fields
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Trial,
    about_entity,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "repeats"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        if operation.kind is Kind.CREATE and entity.name != PEOPLE:
            yield _case(planner, entity, operation)


def _case(planner: Planner, entity: Entity, creating: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, creating))
        wanted = success(stage.system, creating)
        trial = Trial(str(wanted))
        first = _filled(played, entity)
        hold(trial, "a row", played.scene.take(first), wanted)
        again = _again(played, entity, first)
        hold(trial, "another with the same values", played.scene.take(again), wanted)
        return trial.judgement()

    rule = f"Rows of {entity.name} may be alike in all that the spec does not hold to be unique."
    topic = replace(about_entity(NAME, entity), operation=creating.name)
    return topic.case("alike", rule, run, cost=5)


def _filled(played: Played, entity: Entity) -> Step:
    """Return the step with a value for every field that clients write."""
    missing = {
        each.name: FRESH
        for each in sent_fields(entity, updates=False)
        if each.name not in played.step.body
    }
    return played.scene.chosen(replace(played.step, body={**missing, **played.step.body}))


def _again(played: Played, entity: Entity, first: Step) -> Step:
    """Return the step that makes a row like the first, apart from what must differ."""
    fields = {each.name for each in sent_fields(entity, updates=False)}
    body = dict(first.body)
    for unique in entity.unique:
        own = [name for name in unique.fields if name in fields]
        body.update(dict.fromkeys(own[-1:], FRESH))
    return played.scene.chosen(replace(first, body=body, makes=f"{first.makes}-again"))


KIND: Final = CaseKind(NAME, _planned)
