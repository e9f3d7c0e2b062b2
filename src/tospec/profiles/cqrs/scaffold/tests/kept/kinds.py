"""What tests know about answers that are kept until rows change."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from app.authorization.permissions import Role
from tests.cases import Call, Operation
from tests.world import Person

_HITS: Final = "cache_hits_total"

type Find = Callable[[Person, UUID], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows that an answer counts.

    Attributes:
        row: Name of the id of such a row in calls.
        column: Says of a row which row's answer counts it.
        find: Returns a row as it is stored.
        changes: What changes such rows.
    """

    row: str
    column: str
    find: Find
    changes: tuple[Operation, ...]

    async def owner(self, by: Person, call: Call) -> UUID:
        """Return the row whose answer counts the one that a call changes or makes."""
        sent = {**(call.body or {}), **call.ids}
        if self.row not in call.ids:
            return UUID(str(sent[self.column]))
        found: UUID = getattr(await self.find(by, call.ids[self.row]), self.column)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An operation whose answers are kept.

    Attributes:
        name: What its answers are called where they are counted.
        row: Name of the id of the row in its calls.
    """

    name: str
    operation: Operation
    row: str
    counted: tuple[Counted, ...]

    def about(self, row_id: UUID) -> Call:
        """Return the call that asks for the answer about a row."""
        return self.operation.call().about(**{self.row: row_id})

    def given_again(self) -> float:
        """Return how many answers were given again so far."""
        # Of all metrics only this one is asked.
        metrics = REGISTRY.restricted_registry([_HITS]).collect()
        samples = (sample for metric in metrics for sample in metric.samples)
        return sum(each.value for each in samples if each.labels == {"answer": self.name})

    async def told(self, by: Person, row_id: UUID) -> dict[str, Any]:
        """Return the answer about a row."""
        response = await by.send(self.about(row_id))
        assert response.status_code == 200, response.text
        members: dict[str, Any] = response.json()
        return members


def each_kept(answers: Iterable[KeptAnswer]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each of `answers`."""
    return pytest.mark.parametrize("kept", [_marked(each) for each in answers])


def each_change(answers: Iterable[KeptAnswer]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each change that ends an answer."""
    found = [
        _marked(kept, counted, change, role, name=f"-{change.name}")
        for kept in answers
        for counted in kept.counted
        for change in counted.changes
        for role in _callers(kept, change)
    ]
    return pytest.mark.parametrize(("kept", "counted", "change", "role"), found)


def _callers(kept: KeptAnswer, change: Operation) -> tuple[Role, ...]:
    """Return a role that may change a row, and ask for the answer."""
    return tuple(role for role in change.callers if role in kept.operation.roles)[:1]


def _marked(kept: KeptAnswer, *others: Any, name: str = "") -> Any:
    marks = (
        pytest.mark.requirement(*kept.operation.requirements),
        pytest.mark.operation(kept.operation.name),
    )
    return pytest.param(kept, *others, id=f"{kept.name}{name}", marks=marks)
