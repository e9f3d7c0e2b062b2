"""Situations that tell the parts of a condition apart."""

from itertools import product

from tospec.model import Operation, System
from tospec.verify.oracle.choices import Cast
from tospec.verify.oracle.goals import Goal, Plot, done
from tospec.verify.oracle.interpreter import Around, value_of
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.values import FUTURE, PAST
from tospec.verify.oracle.varying import varied_around
from tospec.verify.oracle.world import Somebody

OWNER = Somebody(role="owner")
STATES = ("todo", "in_progress", "in_review", "done", "cancelled")


def operation(system: System, name: str) -> Operation:
    return next(each for each in system.operations if each.name == name)


def plots_of(system: System, name: str) -> list[tuple[Plot, object]]:
    """Return situations around a computed value of a task, each with the value."""
    planner, reading = Planner(system), operation(system, "GetTask")
    entity = system.entity("Task")
    computed = next(each for each in entity.computed if each.name == name)
    goal = Goal(operation=reading, me=OWNER, wanted=done)
    bases = [planner.attempt(goal, each) for each in planner.differing(entity, computed)]
    found = varied_around(planner, goal, computed.value, [each for each in bases if each])
    arounds = (Around(world=p.world, row=p.world.rows[p.target], principal=OWNER) for p in found)
    return [
        (plot, value_of(computed.value.tree.root, around))
        for plot, around in zip(found, arounds, strict=True)
    ]


def test_a_value_is_tried_in_every_state_on_both_sides_of_a_moment(system: System) -> None:
    seen = {
        (
            plot.world.rows[plot.target].values["due_at"],
            plot.world.rows[plot.target].values["status"],
        ): value
        for plot, value in plots_of(system, "is_overdue")
    }
    open_ = {"todo", "in_progress", "in_review"}
    assert {state for due, state in seen if due == PAST} == set(STATES)
    assert {FUTURE, None} <= {due for due, _ in seen}
    for due, state in product((PAST,), STATES):
        assert seen[due, state] is (state in open_)


def test_rows_below_are_brought_into_every_state(system: System) -> None:
    found = plots_of(system, "open_subtasks")
    below = [
        (tuple(r.values["status"] for r in plot.world.rows.values() if r.refs.get("parent")), value)
        for plot, value in found
    ]
    assert {states[0] for states, _ in below if len(states) == 1} == set(STATES)
    for states, value in below:
        assert value == sum(state not in {"done", "cancelled"} for state in states)


def test_each_situation_comes_once(system: System) -> None:
    ways = [
        tuple((s.operation.name, s.by, repr(s.body)) for s in plot.steps)
        for plot, _ in plots_of(system, "is_overdue")
    ]
    assert len(ways) == len(set(ways)) > 8


def test_rows_are_made_by_whoever_makes_the_rows_around_them(system: System) -> None:
    planner, reading = Planner(system), operation(system, "GetTask")
    cast: Cast = planner.cast(OWNER)
    chosen: dict[Place, object] = {("created_by",): cast.other, ("subtasks",): 1}
    plot = planner.attempt(Goal(operation=reading, me=OWNER, wanted=done), chosen)
    assert plot is not None
    assert {row.refs["created_by"] for row in plot.world.rows.values() if row.entity == "Task"} == {
        cast.other.key
    }
