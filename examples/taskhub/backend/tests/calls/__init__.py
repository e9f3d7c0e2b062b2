"""Calls of every operation, and what the requirements say about each."""

from typing import Final

from tests.calls import attachments, comments, labels, projects, tasks
from tests.cases import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *projects.OPERATIONS,
    *labels.OPERATIONS,
    *tasks.OPERATIONS,
    *comments.OPERATIONS,
    *attachments.OPERATIONS,
)
SERVED: Final = tuple(each for each in OPERATIONS if each.callers)
"""Those of which the calls prepared here succeed."""
