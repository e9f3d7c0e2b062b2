"""Whether an expression is always true, or never."""

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tospec.expression.nodes import Literal
from tospec.expression.typed import (
    Aggregate,
    And,
    Compare,
    Conditional,
    Constant,
    Items,
    Membership,
    Not,
    Or,
    Path,
    Tally,
    Typed,
    TypedExpression,
)
from tospec.expression.types import Kind

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_ORDERINGS: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def is_constant(expression: TypedExpression) -> bool | None:
    """Return the value that a condition always has; None when it depends on something.

    Only what follows from types, bounds and constants counts: `title != null` for a required
    title, `estimate >= 0` within its range, `status in []`.
    """
    return _truth(expression.root)


def _truth(part: Typed) -> bool | None:
    match part:
        case Not(operand=operand):
            truth = _truth(operand)
            return None if truth is None else not truth
        case And(operands=operands):
            return _settled([_truth(each) for each in operands], by=False)
        case Or(operands=operands):
            return _settled([_truth(each) for each in operands], by=True)
        case Conditional(test=test, then=then, otherwise=otherwise):
            return _conditional(test, then, otherwise)
        case _:
            return _test(part)


def _test(part: Typed) -> bool | None:
    match part:
        case Constant(value=bool(value)):
            return value
        case Compare():
            return _comparison(part)
        case Membership(item=item, options=Items(items=items)):
            return _membership(item, items)
        case Aggregate(tally=Tally.EXISTS, condition=condition) if condition is not None:
            return False if _truth(condition) is False else None
        case _:
            return None


def _settled(truths: list[bool | None], *, by: bool) -> bool | None:
    if by in truths:
        return by
    return None if None in truths else not by


def _conditional(test: Typed, then: Typed, otherwise: Typed) -> bool | None:
    truth = _truth(test)
    if truth is not None:
        return _truth(then if truth else otherwise)
    first, second = _truth(then), _truth(otherwise)
    return first if first is second else None


def _comparison(part: Compare) -> bool | None:
    if part.operator in {"==", "!="}:
        equal = _equal(part.left, part.right)
        return None if equal is None else equal == (part.operator == "==")
    if isinstance(part.left, Constant) and isinstance(part.right, Constant):
        return _ordered(part.operator, part.left.value, part.right.value)
    if part.left.type.kind is part.right.type.kind is Kind.INT:
        return _by_bounds(part)
    return None


def _equal(left: Typed, right: Typed) -> bool | None:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.value == right.value
    if isinstance(left, Path) and isinstance(right, Path) and left.key == right.key:
        return True
    for one, other in ((left, right), (right, left)):
        null = isinstance(one, Constant) and one.value is None
        if null and not other.type.nullable:
            return False
    both_ints = left.type.kind is right.type.kind is Kind.INT
    nullable = left.type.nullable or right.type.nullable
    return False if both_ints and not nullable and _apart(left, right) else None


def _apart(left: Typed, right: Typed) -> bool:
    one, other = left.type, right.type
    return one.maximum < other.minimum or other.maximum < one.minimum


def _ordered(symbol: str, left: Literal, right: Literal) -> bool | None:
    one, other = _as_number(left), _as_number(right)
    if one is None or other is None:
        return None
    return _ORDERINGS[symbol](int(one.compare(other)), 0)


def _as_number(value: Literal) -> Decimal | None:
    """Return a number that is ordered as the values of one type are."""
    match value:
        case int() | Decimal():
            return Decimal(value)
        case datetime():
            return Decimal((value - _EPOCH) // timedelta(microseconds=1))
        case date():
            return Decimal(value.toordinal())
        case timedelta():
            return Decimal(value // timedelta(microseconds=1))
        case _:
            return None


def _by_bounds(part: Compare) -> bool | None:
    """Return what holds for all values within the bounds of both sides."""
    compare = _ORDERINGS[part.operator]
    left, right = part.left.type, part.right.type
    corners = {
        compare(x, y) for x in (left.minimum, left.maximum) for y in (right.minimum, right.maximum)
    }
    return corners.pop() if len(corners) == 1 else None


def _membership(item: Typed, items: tuple[Typed, ...]) -> bool | None:
    constants = [each.value for each in items if isinstance(each, Constant)]
    if not items:
        return False
    if len(constants) < len(items):
        return None
    if isinstance(item, Constant):
        return item.value in constants
    everything = item.type.kind is Kind.ENUM and set(item.type.values) <= set(constants)
    return True if everything and not item.type.nullable else None
