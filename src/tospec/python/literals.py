"""Values as Python literals."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from tospec.python.code import Code, fill, join, symbol


def literal(value: object, *, width: int | None = None) -> Code:
    """Return the source that evaluates to `value`.

    Non-printable characters are written as escapes, so no literal spans lines and what a
    reader sees is what it holds.

    Args:
        value: None, bool, int, float, str, bytes, Decimal, date, datetime, time, timedelta,
            UUID, or a tuple, list, dict, set or frozenset of such. Sets are written sorted.
        width: Longest line for a str; a longer one is written as several in parentheses.

    Raises:
        ValueError: If a number is not finite or a datetime or time is not in UTC.
        TypeError: If the value has no literal.
    """
    if isinstance(value, str) and width is not None:
        return _wrapped(value, width)
    emit = _EMITTERS.get(type(value))
    if emit is None:
        message = f"{type(value).__name__} has no literal"
        raise TypeError(message)
    return emit(value)


def _wrapped(value: str, width: int) -> Code:
    whole = repr(value)
    if len(whole) <= width:
        return Code(whole)
    pieces = "\n".join(f"    {piece!r}" for piece in _pieces(value, width - 4))
    return Code(f"(\n{pieces}\n)")


def _pieces(value: str, width: int) -> list[str]:
    """Cut a text behind spaces so that each piece's literal fits, where spaces allow it."""
    pieces = [""]
    for word in value.replace(" ", " \0").split("\0") if "\0" not in value else [value]:
        if pieces[-1] and len(repr(pieces[-1] + word)) > width:
            pieces.append("")
        pieces[-1] += word
    return pieces


def _plain(value: object) -> Code:
    return Code(repr(value))


def _float(value: object) -> Code:
    if not isinstance(value, float) or not math.isfinite(value):
        message = f"{value} is not a finite number"
        raise ValueError(message)
    return Code(repr(value))


def _decimal(value: object) -> Code:
    if not isinstance(value, Decimal) or not value.is_finite():
        message = f"{value} is not a finite number"
        raise ValueError(message)
    text = str(value)
    # A whole number needs no text; minus zero would lose its sign.
    whole = text.removeprefix("-").isdecimal() and text != "-0"
    return fill("{}({})", symbol("decimal", "Decimal"), Code(text if whole else repr(text)))


def _uuid(value: object) -> Code:
    return fill("{}({})", symbol("uuid", "UUID"), Code(repr(str(value))))


def _date(value: object) -> Code:
    if not isinstance(value, date):
        raise TypeError
    return _call(symbol("datetime", "date"), value.year, value.month, value.day)


def _datetime(value: object) -> Code:
    if not isinstance(value, datetime) or value.tzinfo is not UTC:
        message = f"{value} is not in UTC"
        raise ValueError(message)
    day = (value.year, value.month, value.day)
    numbers = (*day, value.hour, value.minute, value.second, value.microsecond)
    name = symbol("datetime", "datetime")
    return fill("{}, tzinfo={})", Code(_call(name, *numbers).text[:-1], name.imports), _UTC)


def _time(value: object) -> Code:
    if not isinstance(value, time) or value.tzinfo is not None:
        message = f"{value} has a time zone"
        raise ValueError(message)
    numbers = (value.hour, value.minute, value.second, value.microsecond)
    return _call(symbol("datetime", "time"), *numbers)


def _timedelta(value: object) -> Code:
    if not isinstance(value, timedelta):
        raise TypeError
    named = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
    given = ", ".join(f"{name}={number}" for name, number in named.items() if number)
    return fill("{}({})", symbol("datetime", "timedelta"), Code(given))


def _call(function: Code, *numbers: int) -> Code:
    return fill("{}({})", function, Code(", ".join(str(number) for number in numbers)))


def _tuple(value: object) -> Code:
    items = _items(value)
    return fill("({},)" if len(items) == 1 else "({})", join(", ", items))


def _list(value: object) -> Code:
    return fill("[{}]", join(", ", _items(value)))


def _frozenset(value: object) -> Code:
    items = sorted(_items(value), key=lambda item: item.text)
    return fill("frozenset({{{}}})", join(", ", items)) if items else Code("frozenset()")


def _set(value: object) -> Code:
    items = sorted(_items(value), key=lambda item: item.text)
    return fill("{{{}}}", join(", ", items)) if items else Code("set()")


def _dict(value: object) -> Code:
    if not isinstance(value, Mapping):
        raise TypeError
    pairs = (fill("{}: {}", literal(key), literal(item)) for key, item in value.items())
    return fill("{{{}}}", join(", ", pairs))


def _items(value: object) -> list[Code]:
    if not isinstance(value, tuple | list | set | frozenset):
        raise TypeError
    return [literal(item) for item in value]


_UTC: Final = symbol("datetime", "UTC")
_EMITTERS: Final[Mapping[type, Callable[[object], Code]]] = {
    type(None): _plain,
    bool: _plain,
    int: _plain,
    str: _plain,
    bytes: _plain,
    float: _float,
    Decimal: _decimal,
    UUID: _uuid,
    date: _date,
    datetime: _datetime,
    time: _time,
    timedelta: _timedelta,
    tuple: _tuple,
    list: _list,
    dict: _dict,
    set: _set,
    frozenset: _frozenset,
}
