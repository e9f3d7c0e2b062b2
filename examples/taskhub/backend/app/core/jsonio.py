"""Reads JSON strictly (I-JSON, RFC 7493), before anything else looks at it."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from app.core.errors import MalformedJsonError

MAX_DEPTH: Final = 64
MAX_MEMBERS: Final = 10_000
_BOM: Final = b"\xef\xbb\xbf"
_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_SUSPECT_ESCAPE: Final = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


def check_json(body: bytes) -> None:
    """Refuse a body that is not I-JSON within the limits of this service.

    UTF-8 without a byte order mark, no name twice in an object, no lone surrogate or
    U+0000 in a text, finite numbers, at most 64 levels and 10,000 members a container.

    Raises:
        MalformedJsonError: If the body breaks one of these rules.
    """
    if body.startswith(_BOM):
        _refuse("A byte order mark is not allowed.")
    _check_depth(body)
    value = _parse(body)
    if body.count(b",") >= MAX_MEMBERS:
        _check_members(value)
    if _SUSPECT_ESCAPE.search(body):
        _check_texts(value)


def _check_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _STRUCTURE.finditer(body):
        first = token.group()[:1]
        depth += (first in b"[{") - (first in b"]}")
        if depth > MAX_DEPTH:
            _refuse("The nesting is too deep.")


def _parse(body: bytes) -> Any:
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        _refuse("The text is not UTF-8.")
    except (ValueError, RecursionError):
        _refuse("The text does not follow the grammar of JSON.")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse("A member name occurs twice in one object.")
    if len(members) > MAX_MEMBERS:
        _refuse("An object has too many members.")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse("A number is out of range.")
    return number


def _constant(_: str) -> NoReturn:
    _refuse("NaN and Infinity are not JSON.")


# The value is only walked, never used: the length of a number is as good as the number,
# and is not slow for one of a million digits.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_finite, parse_int=len, parse_constant=_constant
)


def _check_members(value: Any) -> None:
    for part in _walk(value):
        if isinstance(part, list) and len(part) > MAX_MEMBERS:
            _refuse("An array has too many members.")


def _check_texts(value: Any) -> None:
    for part in _walk(value):
        if isinstance(part, str) and ("\0" in part or not _is_scalar_text(part)):
            _refuse("A text holds a character that is not allowed.")


def _walk(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, list):
            pending.extend(part)
        elif isinstance(part, dict):
            pending.extend(part)
            pending.extend(part.values())


def _is_scalar_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refuse(detail: str) -> NoReturn:
    raise MalformedJsonError(detail)
