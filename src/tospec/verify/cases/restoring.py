"""Deleted rows that come back: as they were, for whom, and what keeps them from it."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, Relation, System
from tospec.verify.base import NOTHING, Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.restored_lists import listings
from tospec.verify.cases.taken_again import taken_again
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.contract import expected, refusal, success
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE, Situation, Step
from tospec.verify.oracle.world import Key, Undetermined
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.changing import refused, snapshot
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Topic,
    Trial,
    about,
    control,
    hold,
    modelled,
    operation_of,
    play,
    somebody_who_can,
)

NAME: Final = "restoring"
_NOTES_CHANGES: Final = frozenset({"version", "updated_at"})


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        topic, entity = about(NAME, operation), system.entity(operation.entity)
        if operation.kind is Kind.RESTORE:
            yield _back(planner, topic, operation)
            yield _not_deleted(planner, topic, operation)
            yield from taken_again(planner, topic, operation)
            for relation in entity.relations:
                yield from _beside(planner, topic, operation, relation)
        if operation.kind is Kind.DELETED:
            yield from listings(planner, topic, operation)


def _back(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = somebody_who_can(planner, operation)
        scene = Scene(stage)
        before: Json = NOTHING
        for step in plot.steps:
            if step.operation.kind is Kind.DELETE and step.on == plot.target:
                before = snapshot(scene, plot.target, plot.step.by)
            scene.play([step])
        wanted = success(stage.system, operation)
        trial = Trial(f"{wanted}, and the row as it was")
        gone = scene.take(_reading(stage.system, plot.step))
        trial.need("the row meanwhile", holds=gone.status >= 400, got=str(gone.status))
        hold(trial, operation.name, scene.take(plot.step), wanted)
        after = snapshot(scene, plot.target, plot.step.by)
        if before is NOTHING:
            raise Unavailable("nobody could read the row before it was deleted")
        told = [name for name in before if not _is_same(before, after, name)]
        trial.need("the row afterwards", holds=not told, got=f"other than before: {told}")
        return trial.judgement()

    return topic.case("back", "A restored row is as it was before it was deleted.", run, cost=8)


def _is_same(before: Json, after: Json, name: str) -> bool:
    there = isinstance(after, dict) and name in after
    return there and (name in _NOTES_CHANGES or before[name] == after[name])


def _reading(system: System, step: Step) -> Step:
    reading = operation_of(system, system.entity(step.operation.entity), Kind.READ)
    if reading is None:
        raise Unavailable("no operation reads such rows")
    return Step(operation=reading, by=step.by, on=step.on)


def _not_deleted(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        scene, step = played.scene, played.step
        trial = Trial(str(refusal(stage.system, Situation.NOT_DELETED)))
        control(trial, "while it is deleted", scene.take(step), played.expected())
        answer = refused(trial, scene, step, lambda: scene.take(step))
        hold(trial, "again", answer, refusal(stage.system, Situation.NOT_DELETED))
        return trial.judgement()

    rule = "What is not deleted cannot be restored."
    return topic.case("not-deleted", rule, run, cost=8)


def _beside(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> Iterator[PlannedCase]:
    """Yield the case of a row that the restored one refers to and that went in the meantime."""
    if relation.many or relation.to == PEOPLE or planner.system.entity(relation.to).built_in:
        return
    deleting = operation_of(planner.system, planner.system.entity(relation.to), Kind.DELETE)
    if deleting is None:
        return

    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation, fixed=_fixed(planner, relation)))
        scene = played.scene
        other = scene.world.lost[played.plot.target].row.refs.get(relation.name)
        if other is None:
            raise Unavailable(f"nothing is known of {relation.name}")
        _delete(planner, played, deleting, other)
        prediction = scene.predict(played.step)
        wanted = expected(stage.system, operation, prediction)
        trial = Trial(str(wanted))
        answer = scene.take(played.step)
        hold(trial, f"{relation.name} was deleted", answer, wanted)
        if prediction.done:
            row = scene.world.rows[played.plot.target]
            trial.need("the reference", holds=not row.refs.get(relation.name), got="it is there")
        else:
            _control(planner, stage, trial, operation)
        return trial.judgement()

    rule = f"A row does not come back with a {relation.name} that is gone."
    yield topic.case(f"beside-{relation.name}", rule, run, cost=12)


def _fixed(planner: Planner, relation: Relation) -> dict[Place, object]:
    """Return what lets the row that is referred to be deleted, if anything has to be chosen."""
    target = planner.system.entity(relation.to)
    deleting = operation_of(planner.system, target, Kind.DELETE)
    chosen = somebody_who_can(planner, deleting).choices if deleting else {}
    fixed: dict[Place, object] = {(relation.name, *p): v for p, v in chosen.items()}
    return {(relation.name,): Other.NEW, **fixed}


def _delete(planner: Planner, played: Played, deleting: Operation, key: Key) -> None:
    """Delete a row, by the first who may.

    Raises:
        Unavailable: If nobody may.
    """
    for who in (played.step.by, *planner.cast(played.step.by).everybody):
        step = Step(operation=deleting, by=who, on=key)
        try:
            if played.scene.predict(step).done:
                played.scene.play([step])
                return
        except Undetermined:
            continue
    raise Unavailable("rules do not let the row go that is referred to")


def _control(planner: Planner, stage: Stage, trial: Trial, operation: Operation) -> None:
    free = play(stage, somebody_who_can(planner, operation))
    control(trial, "where nothing else went", free.scene.take(free.step), free.expected())


KIND: Final = CaseKind(NAME, _planned)
