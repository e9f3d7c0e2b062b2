"""Pages of a list: what is asked, what a repository returns, what the client sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from app.schemas.base import Parameters, View
from app.schemas.fields import CursorText, Limit

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
_NO_FILTERS: Final = frozenset({"limit", "cursor", "sort"})

type SortValue = str | int | bool | datetime | Decimal | UUID | None


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of an order."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which part of a list is wanted.

    Attributes:
        limit: At most this many items.
        sort: The order; the repository adds `id`, in the direction of the last key, as the
            tie-breaker. NULLs come last.
        after: The sort values and the id of the last item seen; None for the first page.
    """

    limit: int = DEFAULT_LIMIT
    sort: tuple[SortKey, ...] = ()
    after: tuple[SortValue, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[M]:
    """A part of a list, and where the next part begins.

    Attributes:
        next: What `PageRequest.after` must be for the next part; None at the end.
    """

    items: Sequence[M]
    next: tuple[SortValue, ...] | None = None


class ListParameters(Parameters):
    """The parameters of every list; a list adds its filters and its `sort`."""

    limit: Limit = DEFAULT_LIMIT
    cursor: CursorText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest[T: ListParameters]:
    """What a client asks of a list: its parameters, and the page they amount to."""

    parameters: T
    page: PageRequest

    def filters(self) -> dict[str, Any]:
        """Return the filters that were sent, by name."""
        sent = ((name, getattr(self.parameters, name)) for name in _filters(type(self.parameters)))
        return {name: value for name, value in sent if value is not None}


@cache
def _filters(parameters: type[ListParameters]) -> tuple[str, ...]:
    return tuple(name for name in parameters.model_fields if name not in _NO_FILTERS)


class PageView[T: View](View):
    """A part of a list."""

    items: list[T]
    next: str | None
