"""Each item is judged as the change alone would be."""

from collections.abc import Iterator, Mapping
from typing import Final

from tospec.model import Bulk, Operation
from tospec.verify.base import Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.bulks.common import (
    OK,
    alone,
    entries,
    read_back,
    still_works,
    unchanged,
)
from tospec.verify.cases.bulks.refusals import Find, refusals
from tospec.verify.oracle.contract import problem
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.world import Somebody
from tospec.verify.probes.judging import skipped
from tospec.verify.probes.topics import Topic
from tospec.verify.scene.bulks import asked, plot_for, results_of, roles_for, send
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.parts import Planner
from tospec.verify.scene.trials import Trial, control, hold

_STALE: Final = 1_000_000


def of_change(
    planner: Planner, topic: Topic, bulk: Bulk, operation: Operation
) -> Iterator[PlannedCase]:
    """Yield the cases about items that ask for one kind of change."""
    yield _done(planner, topic, bulk, operation)
    for name, rule, find in refusals():
        plot = _plot(planner, bulk, operation, find)
        if plot is not None:
            yield _refused(planner, topic, bulk, plot, name, rule)
    if planner.system.entity(bulk.entity).optimistic:
        yield _versioned(planner, topic, bulk, operation)


def _done(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        trial = Trial(f"200, with {one.expected()} for the item")
        before = entries(one)
        alone(trial, stage, bulk, one)
        if before is not None and planner.system.entity(bulk.entity).audit:
            added = len(entries(one) or ()) - len(before)
            trial.need("audit entries", holds=added == 1, got=f"{added} new ones")
        read_back(trial, one)
        return trial.judgement()

    rule = f"An item that asks for {operation.name} does what the operation alone does."
    return topic.case(f"{operation.name}/done", rule, run, cost=10)


def _plot(planner: Planner, bulk: Bulk, operation: Operation, find: Find) -> Plot | None:
    roles = roles_for(planner, bulk, operation)
    found = (find(planner, operation, Somebody(role=role)) for role in reversed(roles))
    return next((plot for plot in found if plot is not None), None)


def _refused(
    planner: Planner, topic: Topic, bulk: Bulk, plot: Plot, name: str, rule: str
) -> PlannedCase:
    operation = plot.step.operation

    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot)
        if one.prediction.done:
            return skipped("a refusal", "What items may set does not lead to this end.")
        trial = Trial(f"200, with {one.expected()} for the item")
        before = snapshot(one.scene, one.step.on, one.step.by)
        alone(trial, stage, bulk, one)
        unchanged(trial, one, before)
        still_works(planner, stage, bulk, operation, trial)
        return trial.judgement()

    return topic.case(f"{operation.name}/{name}", rule, run, cost=14)


def _versioned(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        wanted = problem(stage.system, 412, "precondition-failed", tolerant=(409,))
        trial = Trial(f"200, with {wanted} for the item")
        before = snapshot(one.scene, one.step.on, one.step.by)
        answer = send(stage, bulk, one.step.by, [{**one.item, "version": _STALE}])
        for result in results_of(answer) or [answer]:
            hold(trial, "an item with a version of long ago", result, wanted)
        unchanged(trial, one, before)
        again = send(stage, bulk, one.step.by, [_in_version(one.item, before)])
        control(trial, "with the current version", next(iter(results_of(again)), again), OK)
        return trial.judgement()

    rule = "An item that expects another version of its row is refused."
    return topic.case(f"{operation.name}/version", rule, run, cost=10)


def _in_version(item: Mapping[str, Json], shown: Json) -> dict[str, Json]:
    version = shown.get("version") if isinstance(shown, dict) else None
    return {**item, **({} if version is None else {"version": version})}
