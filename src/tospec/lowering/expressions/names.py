"""How a caller spells what an expression names.

Each method returns source that binds as tightly as a name, a call or an attribute.
"""

from typing import Protocol, Self

from tospec.expression import Aggregate, HasPermission, MayDo, Path, Root, Type
from tospec.python import Code


class PythonNames(Protocol):
    """Spells the parts of an expression about values that are at hand."""

    def path(self, path: Path) -> Code:
        """Return the value of a path; one that ends in `id` behind a relation is a stored id."""

    def enum_member(self, type_: Type, value: str) -> Code:
        """Return a value of an enum, such as `TaskStatus.DONE`."""

    def now(self) -> Code:
        """Return the time that counts as now: an aware datetime."""

    def lower(self, text: Code) -> Code:
        """Return a text in lower case."""

    def slug(self, text: Code) -> Code:
        """Return the slug of a text."""

    def has_permission(self, check: HasPermission) -> Code:
        """Return whether the principal holds a permission, such as `actor.has(…)`."""

    def may(self, check: MayDo) -> Code:
        """Return whether somebody may do something to a row."""

    def inside(self, aggregate: Aggregate) -> Self:
        """Return the names for the condition of an aggregate."""

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Return a count as an int, whether there is a row as a bool, or a measure or None."""


class SqlNames(Protocol):
    """Spells the parts of an expression about the rows of a statement."""

    @property
    def python(self) -> PythonNames:
        """Names of what is known before the statement runs."""

    @property
    def is_clock_stored(self) -> bool:
        """Whether `python.now()` is a column expression, which the database alone can read.

        What it is taken from or added to must still be a length of time that Python knows.
        """

    def is_stored(self, root: Root) -> bool:
        """Return whether paths from `root` are columns, not Python values.

        Rows are; `principal` is where it stands for the rows of a table of users.
        """

    def path(self, path: Path) -> Code:
        """Return a stored path as a column or a scalar subquery.

        It compares by value: SQLite forgets the collation of decimals at a subquery.
        """

    def lower(self, text: Code) -> Code:
        """Return a column's text in lower case."""

    def microseconds(self, time: Code) -> Code:
        """Return a timestamp or duration, stored or a Python value, as a column of whole numbers.

        A timestamp counts from 1970 in UTC, and None is NULL. It is asked for where stored times
        are reckoned with.
        """

    def as_written(self, value: Code) -> Code:
        """Return a column expression that compares as it is written, whatever stands in it.

        SQLite would compare a text like the decimals that it is chosen by.
        """

    def has_permission(self, check: HasPermission) -> Code:
        """Return, as a condition, whether a stored principal holds a permission."""

    def may(self, check: MayDo) -> Code:
        """Return, as a condition, whether somebody may do something to a row."""

    def inside(self, aggregate: Aggregate) -> Self:
        """Return the names for the condition of an aggregate."""

    def aggregate(
        self, aggregate: Aggregate, condition: Code | None, value: Code | None = None
    ) -> Code:
        """Return a count or measure as a scalar subquery, or a condition that there is a row.

        A duration is measured in whole microseconds and returned as a duration.
        """
