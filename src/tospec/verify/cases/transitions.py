"""Every transition from every state; its guards, true and false."""

from collections.abc import Iterator
from typing import Final

from tospec.expression import uses_now
from tospec.model import Lifecycle, Operation, Requirement, System, Transition
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.cases.sides import sides
from tospec.verify.oracle.contract import REST
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.predicting import own_requirements, transition_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.scene.agreement import disagreements
from tospec.verify.scene.changing import refused
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Topic,
    Trial,
    control,
    place,
    play,
    somebody_who_can,
)

NAME: Final = "transitions"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in system.operations:
        transition = transition_of(system, operation)
        lifecycle = system.entity(operation.entity).lifecycle
        if transition is not None and lifecycle is not None:
            yield from _of(planner, operation, transition, lifecycle)


def _of(
    planner: Planner, operation: Operation, transition: Transition, lifecycle: Lifecycle
) -> Iterator[PlannedCase]:
    topic = Topic(
        kind=NAME,
        label=operation.name,
        element=f"transition {operation.entity}.{transition.name}",
        reference=place(transition.span),
        operation=operation.name,
        requirements=operation.requirements,
    )
    for state in lifecycle.states:
        if state in transition.sources:
            yield _made(planner, topic, operation, transition, state)
        else:
            yield _refused(planner, topic, operation, lifecycle, state)
    for index, guard in enumerate(own_requirements(planner.system, operation)):
        yield _guarded(planner, topic, operation, guard, index)
        if not uses_now(guard.that.tree):
            variant = f"guard-{index + 1}-{guard.error}-sides"
            yield sides(planner, topic, operation, guard, variant)


def _made(
    planner: Planner, topic: Topic, operation: Operation, transition: Transition, state: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation, state=state))
        answer = played.judge(f"{operation.name} from {state}")
        if played.expected().fits(answer):
            _inspect(played, answer)
        return played.trial.judgement()

    rule = f"{transition.name} moves a row from {state} to {transition.target}."
    return topic.case(f"from-{state}", rule, run, cost=8)


def _inspect(played: Played, answer: Answer) -> None:
    row, operation, step = played.row, played.step.operation, played.taken or played.step
    if row is None:
        return
    played.compare(answer)
    read = played.scene.read(played.plot.target, played.step.by)
    if read is None or operation.view is None or not isinstance(read.json, dict):
        return
    for fault in disagreements(played.scene, row, operation, read.json, step):
        played.trial.found("values when read again", fault)


def _refused(
    planner: Planner, topic: Topic, operation: Operation, lifecycle: Lifecycle, state: str
) -> PlannedCase:
    def bad_move(prediction: Prediction) -> bool:
        return prediction.situation is Situation.BAD_MOVE

    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation, bad_move, state=state))
        answer = refused(
            played.trial,
            played.scene,
            played.step,
            lambda: played.judge(f"{operation.name} from {state}"),
        )
        if stage.system.has(REST):
            _inspect_problem(played.trial, lifecycle, state, answer)
        _control(planner, stage, played.trial, operation)
        return played.trial.judgement()

    rule = f"The lifecycle has no move {operation.name} from {state}."
    return topic.case(f"from-{state}", rule, run, cost=12)


def _inspect_problem(trial: Trial, lifecycle: Lifecycle, state: str, answer: Answer) -> None:
    problem = answer.json if isinstance(answer.json, dict) else {}
    moves = sorted(move.name for move in lifecycle.transitions if state in move.sources)
    told, allowed = problem.get("state"), problem.get("allowed")
    trial.need("the state in the problem", holds=told == state, got=str(told))
    fits = isinstance(allowed, list) and sorted(map(str, allowed)) == moves
    trial.need("the moves allowed in the problem", holds=fits, got=str(allowed))


def _control(planner: Planner, stage: Stage, trial: Trial, operation: Operation) -> None:
    if trial.certain:
        return
    allowed = play(stage, somebody_who_can(planner, operation))
    answer = allowed.scene.take(allowed.step)
    control(trial, f"{operation.name} where it is allowed", answer, allowed.expected())


def _guarded(
    planner: Planner, topic: Topic, operation: Operation, guard: Requirement, index: int
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, broken_by(planner, operation, guard))
        refused(
            played.trial,
            played.scene,
            played.step,
            lambda: played.judge(f"{operation.name} while not: {guard.that.text}"),
        )
        _control(planner, stage, played.trial, operation)
        return played.trial.judgement()

    rule = f"{operation.name} needs: {guard.that.text}; otherwise {guard.error}."
    name = f"guard-{index + 1}-{guard.error}"
    return topic.case(name, rule, run, reference=place(guard.span), cost=12)


def broken_by(planner: Planner, operation: Operation, rule: Requirement) -> Plot:
    """Return a situation in which one rule alone forbids an operation.

    Raises:
        Unavailable: If there is none among those that were tried.
    """

    def broken(prediction: Prediction) -> bool:
        return prediction.broken == (rule,) and prediction.errors == (rule.error,)

    return somebody_who_can(planner, operation, broken, rule=rule)


KIND: Final = CaseKind(NAME, _planned)
