"""Several items: their order, all of them or none, and how many there may be."""

from collections.abc import Iterable, Iterator
from random import Random

from tospec.model import Bulk, Entity, Field, Operation, System
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.bulks.common import OK, count, entries, read_back, unchanged
from tospec.verify.cases.isolation import nobody
from tospec.verify.oracle.contract import REST, Expected, problem, refusal
from tospec.verify.oracle.steps import Situation, sent_fields
from tospec.verify.oracle.values import ordinary
from tospec.verify.oracle.wire import to_json
from tospec.verify.probes.topics import Topic
from tospec.verify.scene.bulks import Asked, asked, ids_of, plot_for, results_of, send
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.parts import Planner
from tospec.verify.scene.trials import Trial, control, hold


def of_whole(
    planner: Planner, topic: Topic, bulk: Bulk, operation: Operation
) -> Iterator[PlannedCase]:
    """Yield the cases about requests with several items."""
    yield _mixed(planner, topic, bulk, operation)
    yield _all_or_none(planner, topic, bulk, operation)
    yield _all(planner, topic, bulk, operation)
    yield _size(planner, topic, bulk, operation)
    yield _twice(planner, topic, bulk, operation)
    for name, more in _not_offered(planner.system, bulk):
        yield _undeclared(planner, topic, bulk, operation, name, more)


def _mixed(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = plot_for(planner, bulk, operation)
        first, last = (asked(stage, bulk, plot) for _ in range(2))
        foreign = asked(stage, bulk, plot_for(planner, bulk, operation, tenant=1))
        before = snapshot(foreign.scene, foreign.step.on, foreign.step.by)
        items = [last.item, foreign.item, {**foreign.item, "id": nobody(stage)}, first.item]
        trial = Trial("200, with a result for each item in the order asked")
        answer = send(stage, bulk, first.step.by, items)
        hold(trial, bulk.name, answer, OK)
        results = results_of(answer)
        order = ids_of(answer) == [item["id"] for item in items]
        trial.need("the order asked", holds=order, got=str(ids_of(answer)))
        _judge_mixed(trial, (first, last), results, refusal(stage.system, Situation.HIDDEN))
        count(trial, answer, results)
        unchanged(trial, foreign, before)
        return trial.judgement()

    rule = "Each item has its own result, in the order asked; a foreign row is none."
    return topic.case("order", rule, run, cost=18)


def _judge_mixed(
    trial: Trial, own: tuple[Asked, Asked], results: list[Answer], absent: Expected
) -> None:
    trial.need("four results", holds=len(results) == 4, got=f"{len(results)} results")
    for one, result in zip(own, results[:1] + results[3:], strict=False):
        hold(trial, f"{one.step.operation.name} as an item", result, one.expected())
    for what, result in zip(("another tenant's row", "no row"), results[1:3], strict=False):
        hold(trial, what, result, absent)


def _all_or_none(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        before = snapshot(one.scene, one.step.on, one.step.by)
        known = entries(one)
        wanted = problem(stage.system, 409, "bulk-failed", tolerant=(400, 404, 422))
        trial = Trial(str(wanted))
        items = [one.item, {**one.item, "id": nobody(stage)}]
        answer = send(stage, bulk, one.step.by, items, mode="all")
        hold(trial, "all, one of them about nothing", answer, wanted)
        unchanged(trial, one, before)
        added = len(entries(one) or ()) - len(known or ())
        trial.need("audit entries", holds=added == 0, got=f"{added} new ones")
        if stage.system.has(REST):
            trial.need("the items that failed", holds=_points(answer), got=str(answer.json))
        again = send(stage, bulk, one.step.by, [one.item], mode="all")
        control(trial, "without the item about nothing", again, OK)
        return trial.judgement()

    rule = "If all items or none are asked for, one that is refused undoes the others."
    return topic.case("all-or-none", rule, run, cost=12)


def _points(answer: Answer) -> bool:
    errors = answer.json.get("errors") if isinstance(answer.json, dict) else None
    told = errors if isinstance(errors, list) else []
    places = [each.get("pointer") for each in told if isinstance(each, dict)]
    return places == ["#/items/1"]


def _all(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = plot_for(planner, bulk, operation)
        several = [asked(stage, bulk, plot) for _ in range(2)]
        trial = Trial("200, and all items done")
        items = [one.item for one in several]
        answer = send(stage, bulk, several[0].step.by, items, mode="all")
        hold(trial, "all", answer, OK)
        for one, result in zip(several, results_of(answer), strict=False):
            one.judge(trial, result)
            read_back(trial, one)
        count(trial, answer, results_of(answer))
        return trial.judgement()

    return topic.case("all", "All items are done where none is refused.", run, cost=14)


def _size(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        before = snapshot(one.scene, one.step.on, one.step.by)
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        trial = Trial(str(wanted))
        most = bulk.most or 1
        others = [{**one.item, "id": nobody(stage)} for _ in range(most)]
        for what, items in (("one too many", [one.item, *others]), ("no item", [])):
            hold(trial, what, send(stage, bulk, one.step.by, items), wanted)
        unchanged(trial, one, before)
        full = send(stage, bulk, one.step.by, others)
        hold(trial, "as many as there may be", full, OK)
        control(trial, "one item", send(stage, bulk, one.step.by, [one.item]), OK)
        return trial.judgement()

    rule = f"A request has at least one item and at most {bulk.most}."
    return topic.case("size", rule, run, cost=10)


def _twice(planner: Planner, topic: Topic, bulk: Bulk, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        before = snapshot(one.scene, one.step.on, one.step.by)
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        trial = Trial(str(wanted))
        answer = send(stage, bulk, one.step.by, [one.item, one.item])
        hold(trial, "the same row twice", answer, wanted)
        unchanged(trial, one, before)
        control(trial, "once", send(stage, bulk, one.step.by, [one.item]), OK)
        return trial.judgement()

    return topic.case("twice", "A request names a row once.", run, cost=8)


def _not_offered(system: System, bulk: Bulk) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield what items must not ask for, though it may be asked for alone."""
    entity = system.entity(bulk.entity)
    for move in entity.lifecycle.transitions if entity.lifecycle else ():
        if move.name not in bulk.transitions:
            yield move.name, {"do": move.name, **_values(entity, move.input)}
    for field in sent_fields(entity, updates=True):
        if field.name not in bulk.update:
            yield field.name, {"do": "update", **_values(entity, (field,))}


def _values(entity: Entity, fields: Iterable[Field]) -> dict[str, Json]:
    random = Random(0)  # noqa: S311 - no secret
    return {each.name: to_json(ordinary(entity, each, random)) for each in fields}


def _undeclared(
    planner: Planner,
    topic: Topic,
    bulk: Bulk,
    operation: Operation,
    name: str,
    more: dict[str, Json],
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        before = snapshot(one.scene, one.step.on, one.step.by)
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        trial = Trial(str(wanted))
        answer = send(stage, bulk, one.step.by, [{"id": one.id, **more}])
        hold(trial, f"an item with {name}", answer, wanted)
        unchanged(trial, one, before)
        control(trial, "without it", send(stage, bulk, one.step.by, [one.item]), OK)
        return trial.judgement()

    rule = f"No item of {bulk.name} has to do with {name}."
    return topic.case(f"undeclared-{name}", rule, run, cost=8)
