"""Where a backend keeps its things; each profile answers in its own way."""

from enum import StrEnum
from typing import Protocol, Self

from tospec.ir.names import EntityNames
from tospec.python import Code


class Room(StrEnum):
    """Kinds of modules whose functions expressions call."""

    COMPUTED = "computed"
    POLICIES = "policies"


class Places(Protocol):
    """Spells the use of what another module defines."""

    def inside(self, room: Room, names: EntityNames) -> Self:
        """Return the places as such a module of an entity sees them: its own need no import."""

    def table(self, names: EntityNames, name: str) -> Code:
        """Return the use of a table that is defined with an entity's model."""

    def enum_member(self, names: EntityNames, type_: str, member: str) -> Code:
        """Return the use of a member of an enum that is defined with an entity's model."""

    def enum(self, names: EntityNames, type_: str) -> Code:
        """Return the use of an enum that is defined with an entity's model."""

    def computed(self, names: EntityNames, name: str) -> Code:
        """Return the use of the function of a computed value."""

    def visible(self, names: EntityNames) -> Code:
        """Return the use of the function that says who sees a row of an entity."""

    def allows(self, names: EntityNames, action: str) -> Code:
        """Return the use of the function that says in SQL who may do an action."""

    def role(self, name: str) -> Code:
        """Return the use of a role."""

    def permission(self, name: str) -> Code:
        """Return the use of a permission."""

    def principal_row(self, user: Code) -> Code:
        """Return the principal that is a row of the users."""

    def caller(self) -> Code:
        """Return the principal that is whoever a statement is run for."""

    def now(self) -> Code:
        """Return the instant at which a statement is run."""

    def known(self, value: Code) -> Code:
        """Return a value of an event that is not None, although its type says that it might be."""

    def related(self, name: str) -> Code:
        """Return the use of a helper for subqueries: `refers`, `value_of`, `count_of`, `any_of`."""

    def measure(self, name: str) -> Code:
        """Return the use of a helper that measures related rows."""

    def microseconds(self, time: Code) -> Code:
        """Return a time as a column of whole microseconds."""

    def as_written(self, value: Code) -> Code:
        """Return a column expression that compares as it is written, not like decimals in it."""

    def lower_ascii(self, text: Code, *, stored: bool) -> Code:
        """Return a text with A to Z in lower case."""

    def slug(self, text: Code) -> Code:
        """Return the slug of a text."""
