"""`tests/load/budgets.py`: how fast the service answers at a size and under a load."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tospec.ir.budgets import Budget
from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, fill, join, literal, module


@dataclass(frozen=True, slots=True, kw_only=True)
class _Budget:
    """Keywords of a budget, and those of them that are tables of their own."""

    arguments: tuple[tuple[Code, Code], ...]
    times: tuple[tuple[Code, Code], ...]
    paths: tuple[tuple[Code, Code], ...]


def render_budgets(logic: Logic, path: str) -> str:
    """Return the table of the budgets."""
    budgets = [_budget(each) for each in logic.budgets]
    body = TEMPLATES.render("tests/budgets.py.j2", artifact=path, budgets=budgets)
    return module("The budgets of this service.", body, artifact=path)


def _budget(budget: Budget) -> _Budget:
    return _Budget(
        arguments=tuple(_arguments(budget)),
        times=tuple((literal(name), _times(limits)) for name, limits in budget.times),
        paths=tuple((literal(name), literal(path)) for name, path in budget.paths),
    )


def _arguments(budget: Budget) -> Iterator[tuple[Code, Code]]:
    yield Code("name"), literal(budget.name)
    yield Code("table"), literal(budget.table)
    yield Code("row"), literal(budget.row)
    yield Code("rows"), literal(budget.rows)
    yield Code("users"), literal(budget.users)
    yield Code("pause"), literal(float(Decimal(budget.pause) / 1000))
    if budget.largest is not None:
        yield Code("largest"), literal(budget.largest)


def _times(limits: tuple[tuple[int, int], ...]) -> Code:
    pairs = (fill("{}: {}", literal(percent), literal(most)) for percent, most in limits)
    return fill("{{{}}}", join(", ", pairs))
