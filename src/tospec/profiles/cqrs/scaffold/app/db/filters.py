"""Conditions of lists, on values that are sent as parameters under a name."""

from typing import Any

from sqlalchemy import Column, ColumnElement

from app.db.links import leads_somewhere
from app.db.parameters import one_of, parameter
from app.db.subqueries import any_of


def equal(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is what was sent."""
    return value == parameter(name, value)


def among(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is one of those sent."""
    return one_of(value, name)


def at_least(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is what was sent, or greater."""
    return value >= parameter(name, value)


def at_most(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is what was sent, or less."""
    return value <= parameter(name, value)


def before(value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Hold where `value` is less than what was sent."""
    return value < parameter(name, value)


def truth(condition: ColumnElement[bool], name: str) -> ColumnElement[bool]:
    """Hold where `condition` is true, or is not, as was sent; not where it is unknown."""
    return condition == parameter(name, condition)


def linked(link: Column[Any], name: str, own: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hold where the table of `link` has a row that is `own` and whose `link` was sent.

    What has been deleted is linked with nothing.
    """
    return any_of(link.table, own, link == parameter(name, link), leads_somewhere(link))
