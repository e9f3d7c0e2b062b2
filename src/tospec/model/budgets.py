"""Budgets: how fast answers come, and how large they are, when there are many rows and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tospec.model.operations import Kind, Operation
from tospec.source import Span

READS: Final = "reads"
WRITES: Final = "writes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long answers may take.

    Attributes:
        of: `reads`, `writes`, or the name of an operation.
        limits: A percentile and the most milliseconds for it, in the order of the percentiles.
    """

    of: str
    limits: tuple[tuple[int, int], ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What answers may cost a client at a size and under a load.

    Attributes:
        entity: The entity of which a tenant has many rows.
        rows: How many; None when the spec does not say.
        users: How many people use the service at once; None when the spec does not say.
        pause: Milliseconds that each of them waits between an answer and the next request.
        pause_given: Whether the spec itself wrote `pause`; otherwise operations-1 fills it in.
        largest: Most bytes that the body of an answer has; None for as many as it takes.
    """

    name: str
    entity: str
    rows: int | None
    users: int | None
    pause: int
    pause_given: bool
    times: tuple[Times, ...]
    largest: int | None
    requirements: tuple[str, ...]
    span: Span

    def times_of(self, operation: Operation) -> Times | None:
        """Return how long answers to an operation may take: its own times, or its group's."""
        by_name = {each.of: each for each in self.times}
        return by_name.get(operation.name) or by_name.get(group_of(operation) or "")


def group_of(operation: Operation) -> str | None:
    """Return whether an operation is one of the `reads` or of the `writes`; None for neither.

    Neither are those that nobody signs in for, that change accounts, where the time goes into
    passwords, and that take or hand out files, whose time depends on their size.
    """
    if operation.public or operation.upload or operation.kind is Kind.DOWNLOAD:
        return None
    if operation.method == "GET":
        return READS
    return None if operation.kind is Kind.ACCOUNT else WRITES


def covered(budget: Budget, operations: Iterable[Operation]) -> tuple[tuple[Operation, Times], ...]:
    """Return the operations for which a budget has times, with these, in the given order."""
    found = ((each, budget.times_of(each)) for each in operations)
    return tuple((operation, times) for operation, times in found if times is not None)
