"""Situations that cover what can be chosen about the rows around an operation."""

import pytest

from tests.verify.oracle.test_planning import operation
from tospec.model import System
from tospec.verify.oracle.combining import combined
from tospec.verify.oracle.goals import Plot
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.surroundings import surroundings
from tospec.verify.oracle.world import Somebody


def plots(system: System, name: str) -> dict[str, list[Plot]]:
    return dict(combined(Planner(system), operation(system, name)))


def chosen(found: dict[str, list[Plot]], place: Place) -> set[object]:
    return {plot.choices[place] for every in found.values() for plot in every}


def test_rows_above_beside_and_below_can_differ_though_nothing_reads_them(system: System) -> None:
    entity, reading = system.entity("Task"), operation(system, "GetTask")
    cast = Planner(system).cast(Somebody(role="viewer"))

    places = {each.place for each in surroundings(system, entity, reading, cast)}

    assert {("project", "reviewed_by_others"), ("parent", "project"), ("subtasks",)} <= places
    assert ("comments",) in places
    assert ("title",) not in places


@pytest.mark.parametrize("name", ["ArchiveProject", "CompleteTask", "DeleteComment"])
def test_every_role_that_can_succeeds_in_situations_that_differ(name: str, system: System) -> None:
    found = plots(system, name)

    assert all(plot.prediction.done for every in found.values() for plot in every)
    assert {role: len(every) for role, every in found.items() if every} == dict.fromkeys(found, 3)
    assert {plot.step.by.role for every in found.values() for plot in every} == set(found)


def test_both_values_of_what_a_rule_might_read_are_met(system: System) -> None:
    found = plots(system, "CompleteTask")

    assert chosen(found, ("project", "reviewed_by_others")) == {True, False}
    assert chosen(found, ("project", "visibility")) == {"tenant", "private"}
    assert chosen(found, ("project", "archived")) == {False}
    assert len(chosen(found, ("assignee",))) > 3


def test_they_are_the_same_each_time(system: System) -> None:
    first, again = plots(system, "StartTask"), plots(system, "StartTask")

    assert [plot.choices for plot in first["member"]] == [p.choices for p in again["member"]]
