"""What is asked to measure a budget: each operation, and each way in which a list can be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tospec.model import Budget, Entity, Kind, Operation, System, Times
from tospec.model.budgets import covered
from tospec.verify.oracle.contract import REST
from tospec.verify.oracle.filters import Filter, filters_of

LIMIT: Final = "limit-200"
NEXT: Final = "next-page"
SEARCH: Final = "search"
BROAD: Final = "search-beginning"
PLAIN: Final = "as-it-is"
ENOUGH: Final = {50: 20, 90: 50, 95: 100, 99: 300}
"""Answers from which a percentile is told: a few are slower."""


@dataclass(frozen=True, slots=True)
class Question:
    """An operation, and how it is asked.

    Attributes:
        variant: What is asked of a list: an order, a filter, a page; `as-it-is` for no parameter.
        filter: The filter, if it is one.
    """

    operation: Operation
    times: Times
    variant: str = PLAIN
    filter: Filter | None = None

    @property
    def name(self) -> str:
        """What tells it from the others of a budget."""
        return f"{self.operation.name}/{self.variant}"

    @property
    def samples(self) -> int:
        """How many answers it takes to tell the percentiles that it is held to."""
        return max((ENOUGH[each] for each, _ in self.times.limits), default=ENOUGH[50])


def questions(system: System, budget: Budget) -> Iterator[Question]:
    """Yield what a budget calls for, operation by operation."""
    for operation, times in covered(budget, system.operations):
        yield Question(operation, times)
        if operation.kind is Kind.LIST and system.has(REST):
            yield Question(operation, times, LIMIT)
            if operation.entity == budget.entity:
                yield from _of_many(system.entity(operation.entity), operation, times)


def _of_many(entity: Entity, operation: Operation, times: Times) -> Iterator[Question]:
    """Yield the ways to ask a list of the rows of which there are many."""
    yield Question(operation, times, NEXT)
    for name in entity.listing.sort:
        for sign in ("", "-"):
            yield Question(operation, times, f"sort={sign}{name}")
    if operation.origin != "spec":
        for each in filters_of(entity):
            yield Question(operation, times, f"filter-{each.name}", each)
        if entity.listing.search:
            for variant in (SEARCH, BROAD):
                yield Question(operation, times, variant)
