"""JSON as RFC 7493 (I-JSON) has it, and not a bit more."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from tests.verify.peers.todo.problems import Refused

_DEEPEST: Final = 64
_MOST_MEMBERS: Final = 10_000
_MOST_DIGITS: Final = 100
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def loads(text: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        Refused: If it is none.
    """
    if text.startswith(b"\xef\xbb\xbf") or _depth(text) > _DEEPEST:
        raise Refused("malformed-json")
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_once,
            parse_constant=_never,
            parse_float=_finite,
            parse_int=_whole,
        )
    except (ValueError, RecursionError):
        raise Refused("malformed-json") from None
    for part in _parts(value):
        _check(part)
    return value


def _depth(text: bytes) -> int:
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found.group(), 0)
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Refused("malformed-json")
    return members


def _never(_: str) -> NoReturn:
    raise Refused("malformed-json")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Refused("malformed-json")
    return number


def _whole(text: str) -> int | float:
    """Return a whole number; one with more digits than anything here holds is just too large."""
    return int(text) if len(text) < _MOST_DIGITS else math.inf


def _parts(value: Any) -> Iterator[Any]:
    yield value
    below: list[Any] = []
    if isinstance(value, dict):
        below = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        below = value
    for each in below:
        yield from _parts(each)


def _check(part: Any) -> None:
    if isinstance(part, (dict, list)) and len(part) > _MOST_MEMBERS:
        raise Refused("malformed-json")
    if isinstance(part, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in part):
        raise Refused("malformed-json")
