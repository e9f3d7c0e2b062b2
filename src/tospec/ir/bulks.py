"""Several changes in one request."""

from dataclasses import dataclass

from tospec.ir.schemas import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItem:
    """One kind of change that an item may ask for.

    Attributes:
        change: What the item says that is to be done: `cancel`, `update`.
        type: Class of the item: `ChangeTasksCancel`.
        about: One sentence.
        operation: The operation that does it alone: `CancelTask`.
        function: Its module.
        body: Class of its body; None when it has none.
        changed: What an update may set.
        is_update: Whether it is an update rather than a move.
        versioned: Whether the item may name a version.
    """

    change: str
    type: str
    about: str
    operation: str
    function: str
    body: str | None
    changed: tuple[Member, ...]
    is_update: bool
    versioned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkBody:
    """What a client sends for a bulk.

    Attributes:
        most: How many items there may be.
    """

    items: tuple[BulkItem, ...]
    most: int
