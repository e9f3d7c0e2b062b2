"""Sequences of operations on the rows of an entity, chosen by chance, with the model as oracle."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Entity, Operation, System
from tospec.model import Kind as Does
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.stateful.search import search
from tospec.verify.cases.stateful.walk import Tally, Walk
from tospec.verify.oracle.planning import Planner
from tospec.verify.probes.judging import Trial
from tospec.verify.probes.topics import Kind
from tospec.verify.scene.parts import about_entity, somebody_who_can

NAME: Final = "stateful"
_WRITES: Final = frozenset({Does.UPDATE, Does.DELETE, Does.TRANSITION, Does.LINK, Does.ACTION})
_COST: Final = 300
_EXPECTED: Final = "each answer, and each row afterwards, as the model says"


def _planned(system: System) -> Iterator[PlannedCase]:
    for entity in system.entities:
        operations = system.operations_of(entity.name)
        creating = next((each for each in operations if each.kind is Does.CREATE), None)
        if creating is not None and any(each.kind in _WRITES for each in operations):
            yield _walks(entity, creating)


def _walks(entity: Entity, creating: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        return _searched(stage, entity, creating)

    rule = f"Whatever is done to {entity.name} rows in whatever order, the model foretells it."
    return about_entity(NAME, entity).case("walk", rule, run, cost=_COST)


def _searched(stage: Stage, entity: Entity, creating: Operation) -> Judgement:
    plot = somebody_who_can(Planner(stage.system), creating)
    tally = Tally()
    found = search(lambda: Walk(stage, entity, plot, tally), stage.random)
    trial = Trial(_EXPECTED)
    if tally.last is not None:
        told = f"{tally.done} operations that had to succeed"
        trial.control(told, tally.last, works=tally.done > 0)
    walked = f"{tally.walks} walks of {tally.asked} operations"
    trial.found(walked, found, seen=f"as foretold but for {tally.unknown}")
    return trial.judgement()


KIND: Final = Kind(NAME, _planned)
