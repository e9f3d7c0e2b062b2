"""Why deleted objects cannot be restored."""

from collections.abc import Sequence

from app.core.errors import ConflictError


class NotDeletedError(ConflictError):
    """What is to be restored is not deleted."""

    slug = "not-deleted"
    title = "The object is not deleted."


class DeletedReferenceError(ConflictError):
    """What is to be restored cannot be without something that is deleted itself.

    Args:
        fields: The members that refer to it.
    """

    slug = "reference-deleted"
    title = "Something that the object refers to is deleted."

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(fields=list(fields))
