"""Lists of deleted rows: what they show, and to whom."""

from collections.abc import Iterator

from tospec.model import Kind, Operation
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.planning import Goal
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Prediction, Situation, Step
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import (
    Planner,
    Played,
    Topic,
    Trial,
    done,
    operation_of,
    play,
    somebody_who_can,
)

_REFUSED = frozenset({Situation.FORBIDDEN, Situation.HIDDEN})


def listings(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases about the list of the deleted rows of an entity."""
    entity = planner.system.entity(operation.entity)
    restoring = operation_of(planner.system, entity, Kind.RESTORE)
    if restoring is None:
        return
    yield _shown(planner, topic, operation, restoring)
    yield _elsewhere(planner, topic, operation, restoring)
    for role in roles_of(planner.system, operation):
        if _refused(planner, restoring, role):
            yield _withheld(planner, topic, operation, restoring, role)


def _ids(played: Played, operation: Operation, by: Somebody) -> set[str]:
    return set(ids_of(walk(played.scene, Step(operation=operation, by=by))))


def _shown(
    planner: Planner, topic: Topic, operation: Operation, restoring: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("deleted rows, and no others")
        played = play(stage, somebody_who_can(planner, restoring))
        me, own = played.step.by, played.scene.id_of(played.plot.target)
        before = _ids(played, operation, me)
        trial.need("a deleted row", holds=own in before, got="it is missing")
        played.scene.play([played.step])
        after = _ids(played, operation, me)
        trial.need("one that was restored", holds=own not in after, got="it is in the list")
        return trial.judgement()

    rule = "The list shows deleted rows until they are restored."
    return topic.case("shown", rule, run, cost=10)


def _elsewhere(
    planner: Planner, topic: Topic, operation: Operation, restoring: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("rows of the own tenant only")
        here = play(stage, somebody_who_can(planner, restoring))
        role = here.step.by.role
        plot = planner.find(
            Goal(operation=restoring, me=Somebody(role=role, tenant=1), wanted=done)
        )
        if plot is None:
            raise Unavailable("nobody of the other tenant may restore such a row")
        there = play(stage, plot)
        shown = _ids(here, operation, here.step.by)
        foreign, own = there.scene.id_of(plot.target), here.scene.id_of(here.plot.target)
        trial.need("the other tenant's row", holds=foreign not in shown, got="it is in the list")
        trial.need("the own row", holds=own in shown, got="it is missing")
        return trial.judgement()

    rule = "The list never shows rows of another tenant."
    return topic.case("other-tenant", rule, run, cost=12)


def _is_refused(prediction: Prediction) -> bool:
    return prediction.situation in _REFUSED


def _refused(planner: Planner, restoring: Operation, role: str) -> bool:
    goal = Goal(operation=restoring, me=Somebody(role=role), wanted=_is_refused)
    return planner.find(goal) is not None


def _withheld(
    planner: Planner, topic: Topic, operation: Operation, restoring: Operation, role: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no row that they may not restore")
        goal = Goal(operation=restoring, me=Somebody(role=role), wanted=_is_refused)
        plot = planner.find(goal)
        if plot is None:
            raise Unavailable("they may restore every row")
        played = play(stage, plot)
        held = played.scene.id_of(plot.target)
        shown = _ids(played, operation, played.step.by)
        trial.need("a row that they may not restore", holds=held not in shown, got="it is listed")
        free = play(stage, somebody_who_can(planner, restoring))
        others = _ids(free, operation, free.step.by)
        there = free.scene.id_of(free.plot.target) in others
        trial.need("one for somebody who may", holds=there, got="it is missing")
        return trial.judgement()

    rule = f"The list shows a {role} no row that they may not restore."
    return topic.case(f"{role}/withheld", rule, run, cost=12)
