"""Positive controls of refusals: somebody else does the same, or reads the row at least."""

from dataclasses import replace

from tospec.verify.base import Unavailable
from tospec.verify.oracle.contract import expected
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.predicting import predict
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.scene.parts import Played, control


def by(step: Step, who: Somebody) -> Step:
    """Return the step as somebody else takes it."""
    return replace(step, by=who)


def control_by_others(planner: Planner, played: Played) -> None:
    """Let somebody do the same who may, as the control of a refusal.

    Raises:
        Unavailable: If nobody may, nor read the row.
    """
    if played.trial.certain:
        return
    system = planner.system
    for who in _others(planner, played):
        step = by(played.step, who)
        try:
            prediction = predict(played.plot.world, step)
        except Undetermined:
            continue
        if prediction.done:
            answer = played.scene.take(step)
            wanted = expected(system, step.operation, prediction)
            control(played.trial, f"the same by {who.key}", answer, wanted)
            return
    _read_control(planner, played)


def _others(planner: Planner, played: Played) -> tuple[Somebody, ...]:
    cast = planner.cast(played.step.by)
    known = tuple(played.plot.world.people.values())
    return tuple(dict.fromkeys((*known, *cast.everybody)))


def _read_control(planner: Planner, played: Played) -> None:
    """Nobody may do it: show at least that the row is there for whoever made it."""
    key = played.step.on
    if key is None:
        raise Unavailable("nobody may do the same")
    for who in _others(planner, played):
        answer = played.scene.read(key, who)
        if answer is not None and answer.status == 200:
            played.trial.control(f"reading it as {who.key}", answer, works=True)
            return
    raise Unavailable("nobody may do the same")
