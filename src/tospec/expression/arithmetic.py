"""Arithmetic on numbers and times, with the bounds of ints."""

from datetime import timedelta
from typing import Final

from tospec.expression.context import Context, unknown
from tospec.expression.literals import MAX_DURATION
from tospec.expression.nodes import BinaryNode, UnaryNode
from tospec.expression.problems import DIVISION, OPERATOR, OVERFLOW
from tospec.expression.typed import Arithmetic, Constant, Negate, Typed
from tospec.expression.types import (
    DECIMAL,
    DURATION,
    INT64_MAX,
    INT64_MIN,
    NUMBERS,
    STRING,
    TIMESTAMP,
    Kind,
    Type,
)

_RESULTS: Final = {
    ("+", Kind.TIMESTAMP, Kind.DURATION): TIMESTAMP,
    ("+", Kind.DURATION, Kind.TIMESTAMP): TIMESTAMP,
    ("+", Kind.DURATION, Kind.DURATION): DURATION,
    ("-", Kind.TIMESTAMP, Kind.DURATION): TIMESTAMP,
    ("-", Kind.TIMESTAMP, Kind.TIMESTAMP): DURATION,
    ("-", Kind.DURATION, Kind.DURATION): DURATION,
    ("*", Kind.DURATION, Kind.INT): DURATION,
    ("*", Kind.INT, Kind.DURATION): DURATION,
    ("+", Kind.STRING, Kind.STRING): STRING,
}

_NEGATABLE: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.DURATION})

type Bounds = tuple[int, int]


def negate(context: Context, node: UnaryNode, operand: Typed) -> Typed:
    """Return `-operand`."""
    if operand.type.kind is Kind.UNKNOWN or not context.needs_value(operand):
        return unknown(node)
    if operand.type.kind not in _NEGATABLE:
        return context.error(OPERATOR, operand, f"- does not work on {operand.type}.")
    if operand.type.kind is not Kind.INT:
        return Negate(node.offset, node.length, operand.type, operand)
    bounds = (-operand.type.maximum, -operand.type.minimum)
    type_ = _bounded(context, node, bounds)
    if isinstance(operand, Constant) and isinstance(operand.value, int):
        return Constant(node.offset, node.length, type_, -operand.value)
    return Negate(node.offset, node.length, type_, operand)


def arithmetic(context: Context, node: BinaryNode, left: Typed, right: Typed) -> Typed:
    """Return `left operator right`."""
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return unknown(node)
    type_ = _result(node.operator, left.type, right.type)
    if type_ is None:
        message = f"{node.operator} does not work on {left.type} and {right.type}."
        return context.error(OPERATOR, node, message, _help(node.operator, left.type, right.type))
    if not all([context.needs_value(left), context.needs_value(right)]):
        return unknown(node)
    if node.operator in {"/", "%"} and not _divides(context, right):
        return unknown(node)
    if type_.kind is Kind.INT:
        type_ = _bounded(context, node, _bounds(node.operator, left.type, right.type))
    elif node.operator == "*" and type_ is DURATION and not _short(context, node, left, right):
        return unknown(node)
    return Arithmetic(node.offset, node.length, type_, node.operator, left, right)


def _result(operator: str, left: Type, right: Type) -> Type | None:
    if left.kind in NUMBERS and right.kind in NUMBERS:
        if left.kind is right.kind is Kind.INT:
            return left.required()
        return DECIMAL if operator in {"+", "-", "*"} else None
    return _RESULTS.get((operator, left.kind, right.kind))


def _help(operator: str, left: Type, right: Type) -> str:
    if Kind.DECIMAL in (left.kind, right.kind) and operator == "/":
        return "A quotient of decimals must be rounded; compare with a product instead."
    if Kind.DATE in (left.kind, right.kind):
        return "Dates can be compared only; use timestamps to reckon."
    if operator == "+" and {left.kind, right.kind} == {Kind.STRING, Kind.INT}:
        return "Write string(number) to join it to a text."
    return ""


def _divides(context: Context, divisor: Typed) -> bool:
    """Return whether a divisor is a constant other than zero; record an error otherwise.

    A guard would not do: a database may divide before it looks at the guard.
    """
    if isinstance(divisor, Constant) and divisor.value != 0:
        return True
    if isinstance(divisor, Constant):
        context.error(DIVISION, divisor, "This divides by zero.")
    else:
        message = f"{context.source(divisor)} might be zero."
        context.error(DIVISION, divisor, message, "Divide by a number, or compare a product.")
    return False


def _bounded(context: Context, node: BinaryNode | UnaryNode, bounds: Bounds) -> Type:
    low, high = bounds
    if low < INT64_MIN or high > INT64_MAX:
        message = f"{context.source(node)} can leave the range of 64-bit ints."
        context.error(OVERFLOW, node, message, "Give the fields in it a range.")
    return Type(Kind.INT, minimum=max(low, INT64_MIN), maximum=min(high, INT64_MAX))


def _bounds(operator: str, left: Type, right: Type) -> Bounds:
    if operator == "+":
        return left.minimum + right.minimum, left.maximum + right.maximum
    if operator == "-":
        return left.minimum - right.maximum, left.maximum - right.minimum
    if operator == "%":
        rest = abs(right.minimum) - 1
        return (max(-rest, min(left.minimum, 0)), min(rest, max(left.maximum, 0)))
    ends = [(x, y) for x in (left.minimum, left.maximum) for y in (right.minimum, right.maximum)]
    corners = [x * y if operator == "*" else truncated(x, y) for x, y in ends]
    return min(corners), max(corners)


def truncated(dividend: int, divisor: int) -> int:
    """Return the quotient without its fraction."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _short(context: Context, node: BinaryNode, left: Typed, right: Typed) -> bool:
    duration, factor = (left, right) if left.type.kind is Kind.DURATION else (right, left)
    most = max(abs(factor.type.minimum), abs(factor.type.maximum))
    if isinstance(duration, Constant) and isinstance(duration.value, timedelta):
        if duration.value // timedelta(microseconds=1) * most <= MAX_DURATION // timedelta(
            microseconds=1
        ):
            return True
        message = f"{context.source(node)} can be more than a century."
        context.error(OVERFLOW, node, message, "Give the factor a range.")
        return False
    help_ = "Only a constant such as duration('1m') can be multiplied."
    context.error(OPERATOR, node, "A duration that varies cannot be multiplied.", help_)
    return False
