"""Operators on typed values."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from tospec.expression.context import Context, unknown
from tospec.expression.literals import fits
from tospec.expression.nodes import BinaryNode, LiteralNode
from tospec.expression.problems import (
    ENUM_VALUE,
    LITERAL,
    NULLABLE,
    OPERATOR,
    TYPES,
)
from tospec.expression.typed import Compare, Constant, Items, Membership, Typed
from tospec.expression.types import (
    BOOL,
    DECIMAL,
    NULL,
    ORDERED,
    STRING,
    UNKNOWN,
    Kind,
    Type,
    comparable,
    int_between,
)

COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
EQUALITIES: Final = frozenset({"==", "!="})


def constant(context: Context, node: LiteralNode, hint: Type) -> Constant:
    """Return a constant; a text that meets an enum is one of its values."""
    if isinstance(node.value, str) and hint.kind is Kind.ENUM:
        if node.value not in hint.values:
            what, place = f"value of {hint.required()}", (node.offset, node.length)
            context.problems.unknown(ENUM_VALUE, place, (what, node.value), hint.values)
        return Constant(node.offset, node.length, hint.required(), node.value)
    return Constant(node.offset, node.length, _literal_type(node), node.value)


def _literal_type(node: LiteralNode) -> Type:
    match node.value:
        case None:
            return NULL
        case bool():
            return BOOL
        case int(value):
            return int_between(value, value)
        case Decimal():
            return DECIMAL
        case str():
            return STRING
        case _:
            return UNKNOWN


def require_bool(context: Context, part: Typed) -> Typed:
    """Return the part; record an error unless it is a bool and never null."""
    if part.type == BOOL or part.type.kind is Kind.UNKNOWN:
        return part
    source = context.source(part)
    if part.type.kind is Kind.BOOL:
        help_ = f"Write {source} == true."
        return context.error(NULLABLE, part, f"{source} may be null here.", help_)
    help_ = f"Compare it: {source} != null." if part.type.nullable else "Compare it with a value."
    return context.error(OPERATOR, part, f"{source} is {part.type}, not bool.", help_)


def compare(context: Context, node: BinaryNode, left: Typed, right: Typed) -> Typed:
    """Return `left operator right`."""
    typed = Compare(node.offset, node.length, BOOL, node.operator, left, right)
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return typed
    if not comparable(left.type, right.type):
        help_ = _mismatch_help(left.type, right.type)
        message = f"{left.type} and {right.type} cannot be compared."
        return replace(typed, left=context.error(TYPES, node, message, help_))
    _require_fit(context, left, right)
    _require_fit(context, right, left)
    if node.operator not in EQUALITIES:
        _require_order(context, node, left, right)
    return typed


def _require_fit(context: Context, part: Typed, other: Typed) -> None:
    """Record an error when a constant has more digits than the decimal that it meets."""
    digits = other.type.digits
    if digits is None or not isinstance(part, Constant):
        return
    if isinstance(part.value, Decimal | int) and not fits(Decimal(part.value), *digits):
        message = f"{context.source(other)} never has this value: it has {digits[0]} digits, "
        message += f"{digits[1]} of them after the point."
        context.error(LITERAL, part, message, "Write a number that fits.")


def _mismatch_help(left: Type, right: Type) -> str:
    kinds = {left.kind, right.kind}
    if kinds == {Kind.DATE, Kind.TIMESTAMP}:
        return "A date becomes a time only in a zone; compare timestamps."
    if kinds == {Kind.TIMESTAMP, Kind.STRING}:
        return "Write timestamp('2026-01-31T09:30:00Z')."
    if kinds == {Kind.DATE, Kind.STRING}:
        return "Write date('2026-01-31')."
    if kinds == {Kind.DURATION, Kind.STRING}:
        return "Write duration('15m')."
    return ""


def _require_order(context: Context, node: BinaryNode, left: Typed, right: Typed) -> None:
    sides = (left, right)
    nulls = [part for part in sides if part.type.kind is Kind.NULL]
    unordered = [part for part in sides if part.type.kind not in ORDERED]
    if nulls:
        context.error(NULLABLE, nulls[0], "Nothing is less or more than null.")
    elif unordered:
        message = f"{node.operator} does not work on {unordered[0].type.required()}."
        context.error(OPERATOR, unordered[0], message, _order_help(unordered[0].type))
    else:
        for part in sides:
            context.needs_value(part)


def _order_help(type_: Type) -> str:
    match type_.kind:
        case Kind.STRING:
            return "The order of texts differs between databases; compare with == or startsWith."
        case Kind.ENUM:
            return "Values of an enum have no order; use in [ … ]."
        case _:
            return ""


def membership(context: Context, node: BinaryNode, item: Typed, options: Typed) -> Typed:
    """Return `item in options`."""
    typed = Membership(node.offset, node.length, BOOL, item, options)
    if Kind.UNKNOWN in (item.type.kind, options.type.kind) or options.type.item is None:
        return (
            typed if options.type.kind in {Kind.UNKNOWN, Kind.LIST} else _no_list(context, options)
        )
    if item.type.kind is Kind.NULL:
        return context.error(LITERAL, item, "null is in no list.", "Compare with == null.")
    if not comparable(item.type, options.type.item):
        message = f"{item.type} is never in a {options.type.required()}."
        return context.error(TYPES, node, message)
    for each in options.items if isinstance(options, Items) else ():
        _require_fit(context, each, item)
    return typed if context.needs_value(options) else unknown(node)


def _no_list(context: Context, options: Typed) -> Typed:
    message = f"{context.source(options)} is {options.type}, not a list."
    return context.error(TYPES, options, message, "Write in ['a', 'b'].")
