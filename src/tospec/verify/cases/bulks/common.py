"""What cases about several changes in one request share."""

from typing import Final

from tospec.model import Bulk, Operation
from tospec.verify.base import Answer, Json, Stage
from tospec.verify.cases.audit import entries_of, trail_of
from tospec.verify.oracle.contract import Expected
from tospec.verify.scene.bulks import Asked, asked, plot_for, results_of, send
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.parts import Planner
from tospec.verify.scene.trials import Trial, control, hold

NAME: Final = "bulks"
OK: Final = Expected(statuses=(200,))


def alone(trial: Trial, stage: Stage, bulk: Bulk, one: Asked) -> Answer:
    """Ask for one item; hold the answer and its result against what they have to be."""
    answer = send(stage, bulk, one.step.by, [one.item])
    hold(trial, bulk.name, answer, OK)
    results = results_of(answer)
    trial.need("one result", holds=len(results) == 1, got=f"{len(results)} results")
    for result in results:
        one.judge(trial, result)
    count(trial, answer, results)
    return answer


def count(trial: Trial, answer: Answer, results: list[Answer]) -> None:
    """Hold what an answer says of how many items were done against its results."""
    told = answer.json if isinstance(answer.json, dict) else {}
    good = sum(OK.fits(each) for each in results)
    for name, wanted in (("succeeded", good), ("failed", len(results) - good)):
        trial.need(name, holds=told.get(name) == wanted, got=str(told.get(name)))


def entries(one: Asked) -> list[dict[str, Json]] | None:
    """Return the audit entries about the row of an item; None where nobody may read them."""
    trail = trail_of(one.scene.system, one.step.operation)
    return entries_of(one.scene, trail, one.step.on or "") if trail else None


def read_back(trial: Trial, one: Asked) -> None:
    """Hold the row as it is read against what it has to be."""
    answer = one.scene.read(one.step.on or "", one.step.by)
    if answer is not None and OK.fits(answer):
        one.judge(trial, answer)


def unchanged(trial: Trial, one: Asked, before: Json) -> None:
    """Note a row that is not as it was."""
    after = snapshot(one.scene, one.step.on, one.step.by)
    trial.need("the row afterwards", holds=after == before, got=f"changed to {after}")
    trial.certain = trial.certain or after != before


def still_works(
    planner: Planner, stage: Stage, bulk: Bulk, operation: Operation, trial: Trial
) -> None:
    """Ask for an item that has to succeed, unless the fault is certain without."""
    if trial.certain:
        return
    one = asked(stage, bulk, plot_for(planner, bulk, operation))
    answer = send(stage, bulk, one.step.by, [one.item])
    result = next(iter(results_of(answer)), answer)
    control(trial, f"{operation.name} as an item where it is allowed", result, one.expected())
