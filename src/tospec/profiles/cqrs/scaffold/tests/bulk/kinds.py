"""What tests know about operations that make several changes, and how they ask for items."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.authorization.permissions import Role
from tests.cases import Call, Operation
from tests.world import Person

type Find = Callable[[Person, UUID], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item, and the call that asks for the same alone."""

    body: dict[str, Any]
    alone: Call

    @property
    def id(self) -> UUID:
        """Return the row that it is about."""
        return UUID(self.body["id"])

    def of(self, version: int) -> "Item":
        """Return the same item for a row in another version."""
        return Item(body={**self.body, "version": version}, alone=self.alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One kind of change that an item may ask for.

    Attributes:
        do: What the item says that is to be done.
        operation: What does it alone.
        members: Returns what an update sets; None for what the operation's own call sends.
        refused: Roles that may not do it to a row that is not theirs.
    """

    do: str
    operation: Operation
    members: Callable[[Person], dict[str, Any]] | None = None
    refused: tuple[Role, ...] = ()

    async def item(self, by: Person, **values: Any) -> Item:
        """Make a row that `by` owns, and return an item about it that can be carried out."""
        alone = await self.operation.arrange(by, **values)
        if self.members is not None:
            alone = alone.with_body(self.members(by))
        [row_id] = alone.ids.values()
        return Item(body={"id": str(row_id), "do": self.do, **(alone.body or {})}, alone=alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What the requirements say about one operation that makes several changes.

    Attributes:
        roles: Who may ask at all.
        most: How many items there may be.
        versioned: Whether an item may name a version.
        find: Returns a row as it is stored.
    """

    name: str
    path: str
    roles: tuple[Role, ...]
    requirements: tuple[str, ...]
    most: int
    versioned: bool
    find: Find
    changes: tuple[Change, ...]

    def call(self, *items: Item, mode: str = "each") -> Call:
        """Return the call that asks for `items`."""
        body = {"mode": mode, "items": [item.body for item in items]}
        return Call(method="POST", path=self.path, body=body)

    @property
    def change(self) -> Change:
        """Return the first kind of change."""
        return self.changes[0]

    @property
    def caller(self) -> Role:
        """Return a role that may ask, and carry out the first kind of change."""
        return next(role for role in self.change.operation.callers if role in self.roles)


def marked(bulk: Bulk, *others: object, name: str = "") -> Any:
    """Return `bulk` and `others` as parameters, named and marked as the bulk is."""
    marks = (
        pytest.mark.requirement(*bulk.requirements),
        pytest.mark.operation(bulk.name, *(each.operation.name for each in bulk.changes)),
    )
    return pytest.param(bulk, *others, id=f"{bulk.name}{name}", marks=marks)


def each_bulk(bulks: Iterable[Bulk]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each of `bulks`."""
    return pytest.mark.parametrize("bulk", [marked(bulk) for bulk in bulks])


def each_change(pairs: Iterable[tuple[Bulk, Change]]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each kind of change."""
    found = [marked(bulk, change, name=f"-{change.do}") for bulk, change in pairs]
    return pytest.mark.parametrize(("bulk", "change"), found)


def each_change_with_role(
    triples: Iterable[tuple[Bulk, Change, Role]],
) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each kind of change and role."""
    found = [marked(bulk, each, role, name=f"-{each.do}-{role}") for bulk, each, role in triples]
    return pytest.mark.parametrize(("bulk", "change", "role"), found)
