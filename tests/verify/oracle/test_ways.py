"""Ways into states, which many threads ask for at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tospec.model import System
from tospec.verify.oracle.goals import Goal, Plot
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.ways import Ways
from tospec.verify.oracle.world import Somebody

ADMIN = Somebody(role="admin")


def test_who_asks_while_another_looks_gets_the_same_way(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, begun, go_on = Planner(system), Event(), Event()
    find = planner.find

    def slowly(goal: Goal) -> Plot | None:
        begun.set()
        go_on.wait(timeout=5)
        return find(goal)

    monkeypatch.setattr(planner, "find", slowly)
    ways, task = Ways(planner), system.entity("Task")
    choices: Choices = {("status",): "in_progress"}

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ways.of, ADMIN, task, choices)
        assert begun.wait(timeout=5)
        second = pool.submit(ways.of, ADMIN, task, choices)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        go_on.set()

    assert first.result() == second.result() != {}
