"""Names of constraints and indexes, at most 63 bytes, the same in every database."""

from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Constraint, Table

_LONGEST: Final = 63
_DIGEST: Final = 8


def shortened(name: str) -> str:
    """Return `name`; if it is too long for PostgreSQL, its start and a digest."""
    if len(name) <= _LONGEST:
        return name
    digest = sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: _LONGEST - _DIGEST - 1].rstrip('_')}_{digest}"


def unique_name(constraint: Constraint, table: Table) -> str:
    """Return the name of a unique constraint without one."""
    return shortened("_".join(("uq", table.name, *_columns(constraint))))


def foreign_key_name(constraint: Constraint, table: Table) -> str:
    """Return the name of a foreign key without one."""
    return shortened("_".join(("fk", table.name, *_columns(constraint))))


def _columns(constraint: Any) -> list[str]:
    return [column.name for column in constraint.columns]
