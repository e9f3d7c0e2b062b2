"""Constants: how they are written, and what they mean."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tospec.expression.types import INT64_MAX, INT64_MIN

MAX_DIGITS: Final = 28
"""Digits that decimal arithmetic keeps without rounding."""

MAX_DURATION: Final = timedelta(days=36_525)
"""A century: long enough for any rule, short enough that no sum leaves the years 1 to 9999 soon."""

_ESCAPES: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.ASCII)
_DURATION: Final = re.compile(
    r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?", re.ASCII
)
_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class LiteralError(ValueError):
    """A constant cannot be read; `str()` says why, in one sentence."""


def read_int(text: str) -> int:
    """Return the value of an int, decimal or hexadecimal; raise LiteralError beyond 64 bits."""
    value = int(text, 16) if "0x" in text else int(text)
    if not INT64_MIN <= value <= INT64_MAX:
        raise LiteralError("This number does not fit into 64 bits.")
    return value


def read_decimal(text: str) -> Decimal:
    """Return the value of a number with a point; raise LiteralError when it is not exact."""
    if "e" in text.lower():
        raise LiteralError("Numbers are written without an exponent.")
    value = Decimal(text)
    if len(value.as_tuple().digits) > MAX_DIGITS:
        raise LiteralError(f"A number has at most {MAX_DIGITS} digits.")
    return value


def fits(value: Decimal, precision: int, scale: int) -> bool:
    """Return whether a decimal field with so many digits, `scale` after the point, can hold it."""
    _, digits, exponent = value.as_tuple()
    places = -exponent if isinstance(exponent, int) else 0
    significant = "".join(map(str, digits))
    trailing = len(significant) - len(significant.rstrip("0"))
    whole = len(significant.lstrip("0")) - places
    return places - trailing <= scale and whole <= precision - scale


def read_string(text: str) -> str:
    """Return the value of a string with its quotes; raise LiteralError on a bad escape."""
    value = _ESCAPE.sub(_unescaped, text[1:-1])
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise LiteralError("A string holds neither U+0000 nor half of a surrogate pair.")
    return value


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    if len(escape) > 1:
        return _character(int(escape[1:], 16))
    if escape not in _ESCAPES:
        raise LiteralError(f"The escape \\{escape} is not known.")
    return _ESCAPES[escape]


def _character(code_point: int) -> str:
    if code_point > 0x10FFFF:
        raise LiteralError("There is no such character.")
    return chr(code_point)


def read_duration(text: str) -> timedelta:
    """Return the duration written like `1d2h30m15s`; raise LiteralError when it is none."""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise LiteralError("A duration is written like '1d2h30m15s' or '250ms'.")
    days, hours, minutes, seconds, milliseconds = (int(part or 0) for part in match.groups())
    value = _sum_of_parts(days, hours, minutes, seconds, milliseconds)
    if value > MAX_DURATION:
        raise LiteralError("A duration is at most a century.")
    return value


def _sum_of_parts(days: int, hours: int, minutes: int, seconds: int, millis: int) -> timedelta:
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return timedelta(seconds=min(whole, 10**12), milliseconds=millis)


def read_timestamp(text: str) -> datetime:
    """Return an instant in UTC; raise LiteralError when it is none or has no zone."""
    if not _TIMESTAMP.fullmatch(text):
        raise LiteralError("A timestamp is written with its zone, like '2026-01-31T09:30:00Z'.")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise LiteralError("There is no such time.") from None


def read_date(text: str) -> date:
    """Return a calendar day; raise LiteralError when it is none."""
    if not _DATE.fullmatch(text):
        raise LiteralError("A date is written like '2026-01-31'.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LiteralError("There is no such day.") from None
