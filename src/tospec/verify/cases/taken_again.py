"""Values of deleted rows that are free, and that keep the rows from coming back once taken."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.model import Entity, Kind, Operation, Unique
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.unique import conflict, is_sent
from tospec.verify.oracle.contract import refusal, success
from tospec.verify.oracle.steps import Situation, Step
from tospec.verify.oracle.world import Key, Undetermined
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import (
    Planner,
    Plot,
    Topic,
    Trial,
    control,
    operation_of,
    somebody_who_can,
)


def taken_again(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases of values that another row has by the time a row is restored."""
    entity = planner.system.entity(operation.entity)
    if operation_of(planner.system, entity, Kind.CREATE) is None:
        return
    for unique in entity.unique:
        if is_sent(entity, unique):
            yield _taken(planner, topic, operation, entity, unique)


def _taken(
    planner: Planner, topic: Topic, operation: Operation, entity: Entity, unique: Unique
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        scene, again = _twice(stage, plot, unique)
        trial = Trial(str(refusal(stage.system, Situation.NOT_UNIQUE)))
        conflict(trial, stage.system, entity, unique, scene.take(plot.step))
        _delete(planner, scene, again, entity)
        answer = scene.take(plot.step)
        control(trial, "once it is free again", answer, success(stage.system, operation))
        return trial.judgement()

    rule = f"A row does not come back while another one has its {' and '.join(unique.fields)}."
    return topic.case(f"taken-{'-'.join(unique.fields)}", rule, run, cost=10)


def _twice(stage: Stage, plot: Plot, unique: Unique) -> tuple[Scene, Step]:
    """Make a row, delete it, and make one with the same unique values; return the last step."""
    scene = Scene(stage)
    again: Step | None = None
    for step in plot.steps:
        chosen = scene.chosen(step)
        if step.makes == plot.target:
            again = _like(scene.chosen(step), chosen, unique)
        scene.play([chosen])
    if again is None:
        raise Unavailable("the row is not made by a step of its own")
    scene.play([again])
    return scene, again


def _like(other: Step, first: Step, unique: Unique) -> Step:
    same = {name: first.body[name] for name in unique.fields if name in first.body}
    return replace(other, makes=f"{first.makes}-again", body={**other.body, **same})


def _delete(planner: Planner, scene: Scene, made: Step, entity: Entity) -> None:
    deleting = operation_of(planner.system, entity, Kind.DELETE)
    key: Key = made.makes or ""
    if deleting is None:
        raise Unavailable("no operation deletes the other row")
    for who in (made.by, *planner.cast(made.by).everybody):
        step = Step(operation=deleting, by=who, on=key)
        try:
            if scene.predict(step).done:
                scene.play([step])
                return
        except Undetermined:
            continue
    raise Unavailable("nobody may delete the other row")
