"""What an expression may name; told by the caller, so that this room knows no model."""

from collections.abc import Collection, Mapping
from typing import Protocol

from tospec.expression.typed import Typed
from tospec.expression.types import Type


class Scope(Protocol):
    """The names that one expression may use."""

    @property
    def row(self) -> Type | None:
        """Entity whose members may be named bare; None when the expression is about no row."""

    @property
    def row_variable(self) -> str:
        """Name under which the row itself is known, such as `task`; empty when there is no row."""

    @property
    def variables(self) -> Mapping[str, Type]:
        """Names other than the row: `principal`, `input`, `event` and the like."""

    def members(self, owner: Type) -> Mapping[str, Type]:
        """Return fields, relations and computed values of an entity, principal or record."""

    def actions(self, entity: str) -> Collection[str]:
        """Return what `may` can ask about rows of an entity."""

    @property
    def permissions(self) -> Collection[str]:
        """What `principal.has` can ask for."""

    @property
    def premise(self) -> Typed | None:
        """What holds wherever such expressions are asked; None when nothing is known."""

    def variable_of(self, entity: str) -> str:
        """Return the name under which a row of an entity is known, such as `task`."""
