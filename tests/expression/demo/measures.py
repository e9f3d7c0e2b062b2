"""Measures of related rows: in Python, and in SQL as every backend has them."""

import sys
from collections.abc import Iterable
from importlib import resources
from types import ModuleType
from typing import Any
from unittest.mock import patch

_SCAFFOLD = resources.files("tospec.profiles.cqrs") / "scaffold"


def _loaded() -> ModuleType:
    """Return `app.db.measures`, which is real Python but on no path here."""
    parts = ("types", "expressions", "subqueries", "measures")
    names = ("app", "app.db", *(f"app.db.{part}" for part in parts))
    modules = {name: ModuleType(name) for name in names}
    with patch.dict(sys.modules, modules):
        for name in names[2:]:
            source = _SCAFFOLD / f"{name.replace('.', '/')}.py"
            exec(source.read_text(encoding="utf-8"), vars(modules[name]))  # noqa: S102 - our own
    return modules[names[-1]]


_SQL = _loaded()
median_of, min_of, max_of, sum_of = _SQL.median_of, _SQL.min_of, _SQL.max_of, _SQL.sum_of
as_duration = _SQL.as_duration


def median_among(values: Iterable[Any]) -> Any:
    """Return the middle of the values that are there; between two, rounded down."""
    known = sorted(_known(values))
    if not known:
        return None
    low, high = known[(len(known) - 1) // 2], known[len(known) // 2]
    return low + (high - low) // 2


def min_among(values: Iterable[Any]) -> Any:
    return min(_known(values), default=None)


def max_among(values: Iterable[Any]) -> Any:
    return max(_known(values), default=None)


def sum_among(values: Iterable[Any]) -> Any:
    known = _known(values)
    return sum(known) if known else None


def _known(values: Iterable[Any]) -> list[Any]:
    return [each for each in values if each is not None]
