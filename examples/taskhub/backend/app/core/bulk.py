"""Several changes asked for at once: what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import AppError, ConflictError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome[R]:
    """What became of one item.

    Attributes:
        id: The object that it is about.
        result: What the change returned, or the error that refused it.
    """

    id: UUID
    result: R | AppError

    @property
    def error(self) -> AppError | None:
        """Return what refused the item, or None if it was carried out."""
        return self.result if isinstance(self.result, AppError) else None


class BulkFailedError(ConflictError):
    """All items were to be carried out or none, and at least one was refused."""

    slug = "bulk-failed"
    title = "Nothing was changed, because an item was refused."


def require_all(outcomes: Sequence[Outcome[object]]) -> None:
    """Let pass items that were all carried out.

    Raises:
        BulkFailedError: If one was refused; it tells of each, at its place in the body.
    """
    refused = [
        {
            "pointer": f"#/items/{place}",
            "code": outcome.error.code or outcome.error.slug,
            "detail": outcome.error.detail,
        }
        for place, outcome in enumerate(outcomes)
        if outcome.error is not None
    ]
    if refused:
        raise BulkFailedError(errors=refused)
