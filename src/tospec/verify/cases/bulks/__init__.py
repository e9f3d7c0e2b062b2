"""Several changes in one request: each as it would be alone, in order, or all of them or none."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Bulk, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.bulks.common import NAME, OK, unchanged
from tospec.verify.cases.bulks.items import of_change
from tospec.verify.cases.bulks.whole import of_whole
from tospec.verify.cases.isolation import nobody
from tospec.verify.oracle.contract import problem, refusal
from tospec.verify.oracle.steps import Situation
from tospec.verify.oracle.world import Somebody
from tospec.verify.probes.topics import Kind as CaseKind
from tospec.verify.probes.topics import Topic, place
from tospec.verify.scene.bulks import asked, plot_for, roles_for, send
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.parts import Planner
from tospec.verify.scene.trials import Trial, control, hold


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for bulk in system.bulks:
        topic = Topic(
            kind=NAME,
            label=bulk.name,
            element=f"bulk {bulk.name}",
            reference=place(bulk.span),
            operation=bulk.name,
            requirements=bulk.requirements,
        )
        changes = [c for c in system.changes_of(bulk) if roles_for(planner, bulk, c)]
        for operation in changes:
            yield from of_change(planner, topic, bulk, operation)
        if changes:
            yield from of_whole(planner, topic, bulk, changes[0])
        for role in system.roles:
            yield _asking(planner, topic, bulk, role)
        yield _asked_by_nobody(planner, topic, bulk)


def _asking(planner: Planner, topic: Topic, bulk: Bulk, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        system = stage.system
        holders = system.permission(bulk.permission).roles if bulk.permission else system.roles
        allowed = role in holders
        wanted = OK if allowed else refusal(system, Situation.NO_PERMISSION)
        trial = Trial(str(wanted))
        operation = system.changes_of(bulk)[0]
        one = asked(stage, bulk, plot_for(planner, bulk, operation))
        item = {**one.item, "id": nobody(stage)}
        hold(
            trial, f"{bulk.name} by {role}", send(stage, bulk, Somebody(role=role), [item]), wanted
        )
        control(trial, f"by {one.step.by.role}", send(stage, bulk, one.step.by, [one.item]), OK)
        return trial.judgement()

    rule = f"A {role} may ask for {bulk.name} exactly if the role holds its permission."
    return topic.case(f"{role}/permission", rule, run, cost=8)


def _asked_by_nobody(planner: Planner, topic: Topic, bulk: Bulk) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = asked(stage, bulk, plot_for(planner, bulk, stage.system.changes_of(bulk)[0]))
        before = snapshot(one.scene, one.step.on, one.step.by)
        wanted = problem(stage.system, 401, "unauthenticated", tolerant=(403,))
        trial = Trial(str(wanted))
        answer = stage.send(None, bulk.method, bulk.path, body={"items": [one.item]})
        hold(trial, "without credentials", answer, wanted)
        unchanged(trial, one, before)
        control(trial, "with them", send(stage, bulk, one.step.by, [one.item]), OK)
        return trial.judgement()

    return topic.case("nobody", f"Nobody may ask for {bulk.name} unsigned.", run, cost=8)


KIND: Final = CaseKind(NAME, _planned)
