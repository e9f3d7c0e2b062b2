"""Conditions of lists. A filter that was not sent (None, or nothing to choose from) holds."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, true

from app.db.links import leads_somewhere
from app.db.subqueries import any_of


def equal(value: ColumnElement[Any], wanted: object | None) -> ColumnElement[bool]:
    """Hold where `value` is `wanted`."""
    return true() if wanted is None else value == wanted


def among(value: ColumnElement[Any], wanted: Collection[object]) -> ColumnElement[bool]:
    """Hold where `value` is one of `wanted`."""
    return value.in_(wanted) if wanted else true()


def at_least(value: ColumnElement[Any], least: object | None) -> ColumnElement[bool]:
    """Hold where `value` is `least` or greater."""
    return true() if least is None else value >= least


def at_most(value: ColumnElement[Any], greatest: object | None) -> ColumnElement[bool]:
    """Hold where `value` is `greatest` or less."""
    return true() if greatest is None else value <= greatest


def before(value: ColumnElement[Any], end: object | None) -> ColumnElement[bool]:
    """Hold where `value` is less than `end`."""
    return true() if end is None else value < end


def truth(condition: ColumnElement[bool], wanted: bool | None) -> ColumnElement[bool]:
    """Hold where `condition` is true, or is not, as `wanted`."""
    return true() if wanted is None else condition.is_(wanted)


def linked(
    link: Column[Any], wanted: object | None, own: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Hold where the table of `link` has a row that is `own` and whose `link` is `wanted`.

    What has been deleted is linked with nothing.
    """
    if wanted is None:
        return true()
    return any_of(link.table, own, link == wanted, leads_somewhere(link))
