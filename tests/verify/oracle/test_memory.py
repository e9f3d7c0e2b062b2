"""Situations are worked out once for all who ask, and forgotten with those who asked."""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from weakref import ref

import pytest

from tospec.model import Operation, System
from tospec.verify.oracle import memory
from tospec.verify.oracle.goals import Goal, Plot, done
from tospec.verify.oracle.memory import Memory, memory_of
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Somebody

ME = Somebody(role="member")


@pytest.fixture
def operation(system: System) -> Operation:
    return next(each for each in system.operations if each.name == "StartTask")


def counting(found: Plot | None) -> tuple[list[int], Callable[[], Plot | None]]:
    calls: list[int] = []

    def make() -> Plot | None:
        calls.append(1)
        return found

    return calls, make


def test_planners_of_a_system_share_what_they_worked_out(
    system: System, operation: Operation
) -> None:
    goal = Goal(operation=operation, me=ME, wanted=done)
    first = Planner(system)
    found = first.find(goal)

    assert found is not None
    assert Planner(system).find(goal) is found


def test_a_situation_that_cannot_be_is_not_tried_again(
    system: System, operation: Operation
) -> None:
    own = Memory(system)
    calls, make = counting(None)

    assert own.situation(operation, ME, {}, make) is None
    assert own.situation(operation, ME, {}, make) is None
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal(1), Decimal("1.00")),
        (Decimal(1), 1),
        (1, True),
        (
            datetime(2050, 1, 1, tzinfo=UTC),
            datetime(2050, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        ),
    ],
)
def test_values_that_are_equal_but_spelled_differently_are_told_apart(
    system: System, operation: Operation, one: object, other: object
) -> None:
    own = Memory(system)
    calls, make = counting(None)
    choices: tuple[Choices, ...] = ({("title",): one}, {("title",): other})

    for each in choices:
        own.situation(operation, ME, each, make)

    assert one == other
    assert len(calls) == 2


def test_values_of_json_are_told_apart(system: System, operation: Operation) -> None:
    own = Memory(system)
    calls, make = counting(None)

    for note in ("a", "b", "a"):
        own.situation(operation, ME, {("extra",): {"note": [note]}}, make)

    assert len(calls) == 2


def test_what_was_not_asked_for_lately_is_forgotten(
    system: System, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_MOST", 2)
    own = Memory(system)
    calls, make = counting(None)

    for title in ("a", "b", "a", "c", "a", "b"):
        own.situation(operation, ME, {("title",): title}, make)

    assert len(calls) == 4


def test_another_system_has_a_memory_of_its_own(system: System) -> None:
    held, other = memory_of(system), memory_of(replace(system))

    assert held is memory_of(system)
    assert held is not other


def test_a_memory_goes_with_the_last_planner(system: System) -> None:
    planner = Planner(replace(system))
    kept = ref(memory_of(planner.system))

    del planner
    gc.collect()

    assert kept() is None
