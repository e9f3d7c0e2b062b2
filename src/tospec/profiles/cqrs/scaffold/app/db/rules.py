"""Rules of the service as conditions on a stored row."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that must hold, and what to raise when it does not.

    Attributes:
        condition: What must hold of the row.
        error: What to raise when it does not.
        fixed: Whether it is the same for every call; one with values of a call in it is not.
    """

    condition: ColumnElement[bool]
    error: type[AppError]
    fixed: bool = True
