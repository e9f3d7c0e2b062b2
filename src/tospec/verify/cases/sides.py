"""Every part of a condition counts, from both sides, and whoever asks."""

from collections.abc import Iterator

from tospec.model import Operation, Requirement
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.oracle.varying import varied_around
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    Goal,
    Planner,
    Plot,
    Somebody,
    Topic,
    Trial,
    done,
    hold,
    play,
)

_JUDGED = frozenset({Situation.DONE, Situation.RULE})
_COST = 60


def sides(
    planner: Planner, topic: Topic, operation: Operation, rule: Requirement, variant: str
) -> PlannedCase:
    """Return the case of an operation where a rule holds and where it does not, in many ways."""

    def run(stage: Stage) -> Judgement:
        trial = Trial(f"success where it holds, otherwise {rule.error}")
        plots = _plots(planner, operation, rule)
        if len({plot.prediction.done for plot in plots}) < 2:
            raise Unavailable(f"no situations were found that tell the parts of {rule.error}")
        for plot in plots:
            _judge(stage, trial, plot, rule)
        return trial.judgement()

    text = f"{operation.name} needs, in every part: {rule.that.text}."
    return topic.case(variant, text, run, cost=_COST)


def _judge(stage: Stage, trial: Trial, plot: Plot, rule: Requirement) -> None:
    played = play(stage, plot)
    chosen = ", ".join(f"{'.'.join(place)}: {value}" for place, value in plot.choices.items())
    what = f"{plot.step.by.role}, {chosen}"[:120]
    if plot.prediction.done:
        hold(trial, what, played.scene.take(played.step), played.expected())
        return
    refused(played.trial, played.scene, played.step, lambda: played.judge(what))
    found = played.trial.judgement()
    trial.found(what, "" if found.outcome == "passed" else f"{found.got} ({rule.error})")
    trial.certain = trial.certain or played.trial.certain


def _plots(planner: Planner, operation: Operation, rule: Requirement) -> tuple[Plot, ...]:
    first, *others = roles_of(planner.system, operation)
    found = list(_around(planner, operation, rule, first))
    for role in others:
        found += _bases(planner, operation, rule, role)
    return tuple(found)


def _around(
    planner: Planner, operation: Operation, rule: Requirement, role: str
) -> tuple[Plot, ...]:
    def is_judged(prediction: Prediction) -> bool:
        return prediction.situation in _JUDGED

    goal = Goal(operation=operation, me=Somebody(role=role), wanted=is_judged)
    return varied_around(planner, goal, rule.that, _bases(planner, operation, rule, role))


def _bases(planner: Planner, operation: Operation, rule: Requirement, role: str) -> Iterator[Plot]:
    """Yield a situation in which all is well, and one in which this rule alone is broken."""

    def broken(prediction: Prediction) -> bool:
        return prediction.broken == (rule,) and prediction.errors == (rule.error,)

    me = Somebody(role=role)
    for goal in (
        Goal(operation=operation, me=me, wanted=done),
        Goal(operation=operation, me=me, wanted=broken, rule=rule),
    ):
        plot = planner.find(goal)
        if plot is not None:
            yield plot
