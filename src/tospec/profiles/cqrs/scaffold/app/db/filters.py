"""Conditions of lists, on values that are sent as parameters under a name."""

import json
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Text,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from app.db.links import leads_somewhere
from app.db.parameters import one_of, parameter
from app.db.subqueries import any_of

_ESCAPE: Final = "\\"


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


def contains_words(name: str, *texts: ColumnElement[str]) -> ColumnElement[bool]:
    """Hold where each word that was sent occurs in one of `texts`, whatever the case.

    `%` and `_` stand for themselves.
    """
    word = _Each(bindparam(f"given.{name}", type_=_Patterns())).table_valued("value", name="word")
    found = (func.lower(text).like(func.lower(word.c.value), escape=_ESCAPE) for text in texts)
    # A text that is NULL has no words, rather than perhaps this one.
    missing = ~func.coalesce(or_(*found), false())
    return ~exists(select(literal(1)).select_from(word).where(missing))


class _Patterns(TypeDecorator[str]):
    """The words of a text, as patterns of LIKE in a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        """Return the patterns of `value`."""
        return json.dumps([f"%{_literally(word)}%" for word in (value or "").split()])


class _Each(GenericFunction[str]):
    """The members of a JSON list, as rows."""

    type = Text()
    name = "each"
    inherit_cache = True


@compiles(_Each, "postgresql")
def _each_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


@compiles(_Each, "sqlite")
def _each_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


def _literally(word: str) -> str:
    return "".join(_ESCAPE + sign if sign in {"%", "_", _ESCAPE} else sign for sign in word)
