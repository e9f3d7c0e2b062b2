"""What a deletion takes along."""

from dataclasses import replace

from tests.verify.mutants.base import with_entity
from tospec.model import System
from tospec.verify.oracle.effects import removed
from tospec.verify.oracle.planning import new_world
from tospec.verify.oracle.world import Row


def test_rows_that_go_are_lost_in_the_order_in_which_they_came(system: System) -> None:
    for kept in ("Project", "Task"):
        system = with_entity(system, replace(system.entity(kept), soft_delete=True))
    names = [f"task-{number}" for number in range(20)]
    world = new_world(system).with_row(Row(key="project-1", entity="Project"))
    for name in names:
        world = world.with_row(Row(key=name, entity="Task", refs={"project": "project-1"}))
    world = world.with_row(Row(key="project-2", entity="Project"))

    after = removed(world, "project-1")

    assert after is not None
    assert list(after.lost) == ["project-1", *names]
    assert list(after.rows) == ["project-2"]
