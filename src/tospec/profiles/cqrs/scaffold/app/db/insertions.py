"""Inserts that may depend on what is stored already."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Insert, select


def inserting[I: Insert](
    into: I, values: Mapping[str, ColumnElement[Any]], required: Sequence[ColumnElement[bool]]
) -> I:
    """Return the insert of one row, which stores nothing unless all conditions hold.

    Args:
        into: An insert that has no values yet.
        values: What is stored, by the columns.
        required: The conditions.
    """
    if not required:
        return into.values(values)
    return into.from_select([*values], select(*values.values()).where(*required))
