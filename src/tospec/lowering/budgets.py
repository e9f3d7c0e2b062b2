"""From what a spec says about speed to what the load test of a backend is held to."""

from collections.abc import Iterator

from tospec.ir.budgets import Budget
from tospec.ir.data import DataModel
from tospec.model import Budget as Said
from tospec.model import Kind, Operation, System
from tospec.model.budgets import covered


def budgets_of(system: System, model: DataModel) -> tuple[Budget, ...]:
    """Return the budgets of a spec that passed assessment, in which nothing is left open."""
    return tuple(_budgets(system, model))


def _budgets(system: System, model: DataModel) -> Iterator[Budget]:
    for said in system.budgets:
        names = model.entity(said.entity).names
        if said.rows is None or said.users is None:
            continue
        yield Budget(
            name=said.name,
            table=names.plural,
            row=f"{names.singular}_id",
            rows=said.rows,
            users=said.users,
            pause=said.pause,
            times=tuple(
                (operation.name, times.limits)
                for operation, times in covered(said, system.operations)
                if not _is_of_one_account(operation)
            ),
            paths=tuple(_paths(said, system)),
            largest=said.largest,
            requirements=said.requirements,
        )


def _paths(said: Said, system: System) -> Iterator[tuple[str, str]]:
    for operation, _ in covered(said, system.operations):
        if operation.kind is Kind.ACCOUNT and not _is_of_one_account(operation):
            yield operation.name, operation.path


def _is_of_one_account(operation: Operation) -> bool:
    """Whether an operation is about one person or invitation, for which no call is prepared."""
    return operation.kind is Kind.ACCOUNT and "{" in operation.path
