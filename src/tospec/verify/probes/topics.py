"""How a module of cases becomes a kind, and what its cases have in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tospec.model import Operation, System
from tospec.source import Span
from tospec.verify.base import Judgement, PlannedCase, Stage

type Run = Callable[[Stage], Judgement]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: its name, and what it plans for a system."""

    name: str
    planned: Callable[[System], Iterator[PlannedCase]]

    def plan(self, system: System) -> Iterator[PlannedCase]:
        """Yield the cases that a system calls for; nothing is sent."""
        return self.planned(system)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the cases about one element have in common.

    Attributes:
        label: Short name of the element, the middle of the ids.
        element: The element as reports name it, such as `operation StartTask`.
    """

    kind: str
    label: str
    element: str
    reference: str = ""
    operation: str = ""
    requirements: tuple[str, ...] = ()

    def case(
        self,
        variant: str,
        rule: str,
        run: Run,
        *,
        reference: str = "",
        cost: int = 3,
        spoils: bool = False,
        waits: bool = False,
    ) -> PlannedCase:
        """Return a case about the element; `reference` says more than that of the topic."""
        return PlannedCase(
            id=f"{self.kind}/{self.label}/{variant}",
            kind=self.kind,
            element=self.element,
            rule=rule,
            run=run,
            operation=self.operation,
            requirements=self.requirements,
            reference=", ".join(filter(None, (self.reference, reference))),
            cost=cost,
            spoils=spoils,
            waits=waits,
        )


def about(kind: str, operation: Operation) -> Topic:
    """Return the topic of an operation."""
    return Topic(
        kind=kind,
        label=operation.name,
        element=f"operation {operation.name}",
        reference=place(operation.span),
        operation=operation.name,
        requirements=operation.requirements,
    )


def place(span: Span) -> str:
    """Return where something stands in the spec, as `file:line`."""
    return f"{span.file}:{span.line}"
