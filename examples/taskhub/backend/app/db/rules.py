"""Rules of the service as conditions on a stored row."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that must hold, and what to raise when it does not."""

    condition: ColumnElement[bool]
    error: type[AppError]
