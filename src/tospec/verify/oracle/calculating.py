"""Functions and arithmetic of expressions, on values that are there."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Context, localcontext
from typing import Any, Final

from tospec.expression import Function, Tally
from tospec.verify.oracle.world import Undetermined

_EXACT: Final = Context(prec=100)
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def reckoned(operator: str, left: Any, right: Any) -> object:
    """Return `left operator right`; int division truncates towards zero, decimals are exact."""
    with localcontext(_EXACT):
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return _quotient(left, right)
            case _:
                return left - right * _quotient(left, right)


def _quotient(left: int, right: int) -> int:
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def measure(tally: Tally, values: list[Any]) -> object:
    """Return what is measured of values other than null; null of none."""
    if not values:
        return None
    ordered = sorted(values)
    match tally:
        case Tally.MIN:
            return ordered[0]
        case Tally.MAX:
            return ordered[-1]
        case Tally.SUM:
            return sum(ordered)
        case _:
            return _halfway(ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])


def _halfway(low: Any, high: Any) -> object:
    return low + (high - low) // 2


def called(function: Function, values: list[Any]) -> object:
    """Return the value of a function of values other than null.

    Raises:
        Undetermined: If it depends on more than these values.
    """
    if function not in _FUNCTIONS:
        raise Undetermined(function.value)
    return _FUNCTIONS[function](*values)


def _lower(text: str) -> str:
    lowered = text.translate(_LOWER)
    if text.lower() != lowered:
        raise Undetermined("lower of letters beyond A to Z")
    return lowered


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NO_WORD.sub("-", plain.lower()).strip("-")


_FUNCTIONS: Final[dict[Function, Callable[..., object]]] = {
    Function.LOWER: _lower,
    Function.SLUG: _slug,
    Function.SIZE: len,
    Function.STARTS_WITH: str.startswith,
    Function.ENDS_WITH: str.endswith,
    Function.CONTAINS: str.__contains__,
    Function.STRING: str,
}
