"""Relations of an entity to itself: how deep they nest, and that they run in no circle."""

from dataclasses import replace

from tospec.model import Kind, Operation, Relation
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import Expected, expected, success
from tospec.verify.oracle.steps import Prediction, Situation, Step
from tospec.verify.oracle.world import Key
from tospec.verify.scene.parts import (
    Planner,
    Played,
    Topic,
    Trial,
    control,
    hold,
    play,
    somebody_who_can,
)


def _wanted(played: Played, operation: Operation, error: str) -> Expected:
    broken = Prediction(situation=Situation.RULE, world=played.scene.world, errors=(error,))
    return expected(played.scene.system, operation, broken)


def _chain(played: Played, relation: Relation, levels: int, trial: Trial) -> tuple[Key, ...]:
    """Make rows one below another, by the one who acts; return their keys, the topmost first.

    They are fewer if the target refuses one, which is a fault.
    """
    keys: list[Key] = []
    wanted = success(played.scene.system, played.step.operation)
    for level in range(levels):
        body = {**played.step.body, **({relation.name: keys[-1]} if keys else {})}
        step = replace(played.step, body=body, makes=f"{played.step.makes}-{level}")
        if not hold(trial, f"level {level + 1}", played.scene.take(step), wanted):
            break
        keys.append(step.makes or "")
    return tuple(keys)


def too_deep(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> PlannedCase:
    """Return the case of a row that is created one level too deep."""
    depth = relation.tree.max_depth if relation.tree else 0
    error = relation.tree.error if relation.tree else ""

    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        wanted = _wanted(played, operation, error)
        trial = Trial(str(wanted))
        root = played.scene.take(_root(played))
        control(trial, "a row on its own", root, success(planner.system, operation))
        keys = _chain(played, relation, depth, trial)
        if len(keys) < depth:
            return trial.judgement()
        body = {**played.step.body, relation.name: keys[-1]}
        step = replace(played.step, body=body, makes="#too-deep")
        hold(trial, f"level {depth + 1}", played.scene.take(step), wanted)
        return trial.judgement()

    rule = f"Rows nest at most {depth} deep by {relation.name}."
    return topic.case(f"{relation.name}-depth", rule, run, cost=depth + 6)


def _root(played: Played) -> Step:
    return replace(played.step, makes="#root")


def circle(planner: Planner, topic: Topic, operation: Operation, relation: Relation) -> PlannedCase:
    """Return the case of an update that would close a circle."""
    error = relation.tree.error if relation.tree else ""

    def run(stage: Stage) -> Judgement:
        creating = _creating(planner, operation)
        played = play(stage, somebody_who_can(planner, creating))
        wanted = _wanted(played, operation, error)
        trial = Trial(str(wanted))
        keys = _chain(played, relation, 2, trial)
        if len(keys) < 2:
            return trial.judgement()
        above, below = keys
        for what, key in (("its own child", below), ("itself", above)):
            closing = Step(
                operation=operation, by=played.step.by, on=above, body={relation.name: key}
            )
            hold(trial, f"{relation.name} is {what}", played.scene.take(closing), wanted)
        opening = Step(operation=operation, by=played.step.by, on=below, body={relation.name: None})
        if relation.optional:
            answer = played.scene.take(opening)
            control(trial, "taking it out", answer, success(stage.system, operation))
        return trial.judgement()

    rule = f"Rows run in no circle by {relation.name}."
    return topic.case(f"{relation.name}-circle", rule, run, cost=10)


def _creating(planner: Planner, operation: Operation) -> Operation:
    for each in planner.system.operations_of(operation.entity):
        if each.kind is Kind.CREATE:
            return each
    raise Unavailable(f"there is no operation to create {operation.entity}")
