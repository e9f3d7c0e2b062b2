"""Requirements that tell of themselves by one error case are told apart."""

from dataclasses import replace

from tests.verify.oracle.test_planning import operation
from tospec.model import System
from tospec.verify.cases.transitions import broken_by
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.predicting import requirements_of


def _told_alike(system: System) -> System:
    """Return the system in which all guards of a move are told by the error of a rule."""
    task = system.entity("Task")
    assert task.lifecycle is not None
    moves = tuple(
        replace(
            move,
            require=tuple(replace(each, error="PROJECT_ARCHIVED") for each in move.require),
        )
        for move in task.lifecycle.transitions
    )
    changed = replace(task, lifecycle=replace(task.lifecycle, transitions=moves))
    entities = tuple(changed if each is task else each for each in system.entities)
    operations = tuple(
        replace(each, require=next(m.require for m in moves if m.name == each.transition))
        if each.transition
        else each
        for each in system.operations
    )
    return replace(system, entities=entities, operations=operations)


def test_each_of_them_is_broken_alone(system: System) -> None:
    alike = _told_alike(system)
    completing = operation(alike, "CompleteTask")
    required = requirements_of(alike, completing)

    plots = [broken_by(Planner(alike), completing, each) for each in required]

    assert [plot.prediction.broken for plot in plots] == [(each,) for each in required]
    assert {plot.prediction.errors for plot in plots} == {("PROJECT_ARCHIVED",)}
    assert len(plots) == 3
