"""Budgets: how long answers take, and how large they are."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, at, mutant
from tospec.model import Budget, System
from tospec.model.budgets import READS, WRITES

_ABOUT = {READS: ("GetTask",), WRITES: ("UpdateTask",)}


def mutants(system: System) -> Iterator[Mutant]:
    """Ask for more than the backend gives."""
    for place, budget in enumerate(system.budgets):
        for what, about, changed in _changes(budget):
            mutated = replace(system, budgets=at(system.budgets, place, changed))
            element = f"budget {budget.name}"
            yield mutant("budgets", element, what, mutated, kinds="budgets", about=about)


def _changes(budget: Budget) -> Iterator[tuple[str, tuple[str, ...], Budget]]:
    for place, times in enumerate(budget.times):
        limits = tuple((percent, 1) for percent, _ in times.limits)
        at_once = at(budget.times, place, replace(times, limits=limits))
        yield f"{times.of} take a millisecond", _ABOUT[times.of], replace(budget, times=at_once)
    yield "answers of a byte", ("GetTask",), replace(budget, largest=1)
