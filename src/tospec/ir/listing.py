"""Lists: what narrows them down."""

from dataclasses import dataclass
from enum import StrEnum

from tospec.ir.conditions import SqlValue
from tospec.python import Code


class FilterKind(StrEnum):
    """How a filter compares."""

    EQUAL = "equal"
    AMONG = "among"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    TRUTH = "truth"
    LINKED = "linked"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One parameter of a list.

    Attributes:
        name: Name on the wire and in the filters' class: `due_at_from`, `status`, `label_id`.
        kind: How it compares.
        of: Field, relation or computed value of the spec; empty for the search.
        type: Type of one value in Python.
        columns: Columns that it compares; for `linked` the columns of the link table that refer
            to the owning row and to the other one; for `search` the column of the table of words
            that refers to the row.
        computed: Name of the computed value that it compares, instead of a column.
        table: Link table, for `linked`; table of words, for `search`.
    """

    name: str
    kind: FilterKind
    of: str
    type: Code
    columns: tuple[str, ...] = ()
    computed: str = ""
    table: str = ""

    @property
    def is_many(self) -> bool:
        """Whether it takes several values."""
        return self.kind is FilterKind.AMONG


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedList:
    """A list whose condition the spec has fixed.

    Attributes:
        function: Name of the repository's method: `my_tasks`.
        operation: Name of the operation: `MyTasks`.
        condition: None when it lists all.
    """

    function: str
    operation: str
    condition: SqlValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What lists of an entity offer.

    Attributes:
        under: Column that refers to the row above; None for a flat list.
        sorts: Names by which rows can be sorted.
    """

    filters: tuple[Filter, ...]
    sorts: tuple[str, ...]
    default_sort: str
    fixed: tuple[FixedList, ...] = ()
    under: str | None = None
