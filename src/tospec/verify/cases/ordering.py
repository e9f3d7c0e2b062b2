"""When a condition is asked: after the right and the body, before the state (rest-1 order)."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation
from tospec.verify.base import Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import Expected, problem, refusal
from tospec.verify.oracle.predicting import transition_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.probes.judging import skipped
from tospec.verify.probes.topics import Run
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    Planner,
    Plot,
    Topic,
    Trial,
    control,
    hold,
    play,
    somebody_who_can,
)

_STALE: Final = {"If-Match": '"stale"'}
_UNKNOWN: Json = {"no_such_member": 1}
_REFERENCE: Final = "rest-1 order"


def ordered(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases of two things that are wrong at once, one of them the condition."""
    entity = planner.system.entity(operation.entity)
    if entity.policy and operation.policy and entity.policy.of(operation.policy):
        rule = "Who may not change a row learns nothing of its version: 403 comes before 412."
        yield topic.case("order-403", rule, _forbidden(planner, operation), reference=_REFERENCE)
    if operation.kind is Kind.TRANSITION:
        rule = "The version is asked before the state: 412 comes before 409."
        yield topic.case("order-412", rule, _moved(planner, operation), reference=_REFERENCE)
    if operation.kind is Kind.UPDATE or operation.input:
        rule = "The body is judged before the version: 422 comes before 412 and 428."
        yield topic.case("order-422", rule, _misread(planner, operation), reference=_REFERENCE)


def _forbidden(planner: Planner, operation: Operation) -> Run:
    def forbidden(prediction: Prediction) -> bool:
        return prediction.situation is Situation.FORBIDDEN

    def run(stage: Stage) -> Judgement:
        wanted = problem(stage.system, 403, "permission-denied")
        try:
            plot = somebody_who_can(planner, operation, forbidden)
        except Unavailable:
            return skipped(str(wanted), "Whoever sees such a row may do this.")
        return _with_stale(stage, plot, wanted)

    return run


def _moved(planner: Planner, operation: Operation) -> Run:
    def bad_move(prediction: Prediction) -> bool:
        return prediction.situation is Situation.BAD_MOVE

    def run(stage: Stage) -> Judgement:
        transition = transition_of(stage.system, operation)
        lifecycle = stage.system.entity(operation.entity).lifecycle
        states = lifecycle.states if lifecycle and transition else ()
        other = next((each for each in states if transition and each not in transition.sources), "")
        wanted = problem(stage.system, 412, "precondition-failed")
        if not other:
            return skipped(str(wanted), "The move begins in every state.")
        return _with_stale(
            stage, somebody_who_can(planner, operation, bad_move, state=other), wanted
        )

    return run


def _with_stale(stage: Stage, plot: Plot, wanted: Expected) -> Judgement:
    """Take a step that would be refused anyway, in a version that is not the current one."""
    played, trial = play(stage, plot), Trial(str(wanted))
    scene, step = played.scene, played.step
    answer = refused(trial, scene, step, lambda: scene.take(step, headers=_STALE))
    hold(trial, "with another version", answer, wanted)
    control(trial, "with the current version", scene.take(step), played.expected())
    return trial.judgement()


def _misread(planner: Planner, operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        trial = Trial(str(wanted))
        scene, step = played.scene, played.step
        for what, headers in (("another version", _STALE), ("no version", {})):
            answer = scene.take(step, headers=headers, body=_UNKNOWN)
            hold(trial, f"an unknown member and {what}", answer, wanted)
        control(trial, "as it should be", scene.take(step), played.expected())
        return trial.judgement()

    return run
