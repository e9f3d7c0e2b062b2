"""Computed values are what their expressions give, for rows that tell their parts apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from tospec.model import Computed, Entity, Kind, Operation, System
from tospec.model.dependence import waits_for_jobs
from tospec.model.measures import measures_of
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.planning import Goal, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.varying import varied_around
from tospec.verify.oracle.wire import from_json, type_of
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.listing import OK
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Plot,
    Topic,
    Trial,
    modelled,
    place,
    play,
)

NAME: Final = "computed"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        for measure in measures_of(system, operation):
            yield _case(planner, entity, measure, operation, what=operation.name)
        if operation.kind is Kind.READ and operation.view:
            shown = system.view(operation.view).fields
            for computed in entity.computed:
                if computed.name in shown:
                    yield _case(planner, entity, computed, operation)


def _case(
    planner: Planner, entity: Entity, computed: Computed, reading: Operation, *, what: str = ""
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial(f"the value of: {computed.value.text}")
        seen: set[object] = set()
        for plot in _plots(planner, entity, computed, reading):
            seen.add(_compare(play(stage, plot), computed, trial))
        if len(seen) < 2 and computed.value.tree.type.kind == "bool":
            if waits_for_jobs(planner.system, entity, computed.name):
                return skipped(trial.expected, "It becomes different only when a job has run.")
            raise Unavailable("no row was found for which it is different")
        return trial.judgement()

    topic = Topic(
        kind=NAME,
        label=f"{what or entity.name}.{computed.name}",
        element=f"operation {what}" if what else f"computed {entity.name}.{computed.name}",
        reference=place(computed.span),
        operation=reading.name,
        requirements=reading.requirements if what else entity.requirements,
    )
    rule = f"{computed.name} is {computed.value.text}."
    return topic.case("value", rule, run, cost=60)


def _plots(
    planner: Planner, entity: Entity, computed: Computed, reading: Operation
) -> tuple[Plot, ...]:
    """Return situations with rows for which parts of the expression differ.

    Raises:
        Unavailable: If there is none.
    """
    goal = Goal(
        operation=reading, me=Somebody(role=roles_of(planner.system, reading)[0]), wanted=done
    )
    rows = planner.differing(entity, computed) or [{}]
    bases = (planner.find(replace(goal, fixed=dict(choices))) for choices in rows)
    plots = varied_around(planner, goal, computed.value, (base for base in bases if base))
    if not plots:
        raise Unavailable("no such row can be made")
    return plots


def _compare(played: Played, computed: Computed, trial: Trial) -> object:
    answer = played.scene.take(played.step)
    if answer.status != OK or not isinstance(answer.json, dict):
        raise Unavailable(f"the row could not be read: {answer.status}")
    world = replace(played.scene.world, now=datetime.now(UTC))
    row = world.rows[played.plot.target]
    around = Around(world=world, row=row, principal=played.step.by)
    wanted = value_of(computed.value.tree.root, around)
    told = answer.json.get(computed.name)
    try:
        found = from_json(type_of(computed.value.tree.type), told)
    except Undetermined:
        found = told
    trial.need(f"where it is {wanted!r}", holds=found == wanted, got=repr(told))
    return wanted


KIND: Final = CaseKind(NAME, _planned)
