"""Functions and methods."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tospec.expression.aggregates import aggregate
from tospec.expression.context import Context, Place, Visit, unknown
from tospec.expression.literals import (
    LiteralError,
    read_date,
    read_duration,
    read_timestamp,
)
from tospec.expression.nodes import CallNode, Literal, LiteralNode, Syntax
from tospec.expression.permissions import has_permission, may_do
from tospec.expression.problems import ARGUMENTS, FUNCTION, LITERAL
from tospec.expression.typed import Call, Constant, Function, Typed
from tospec.expression.types import (
    BOOL,
    DATE,
    DURATION,
    STRING,
    TIMESTAMP,
    UNKNOWN,
    Kind,
    Type,
    int_between,
    many,
)

_CONSTANTS: Final[dict[str, tuple[Callable[[str], Literal], Type]]] = {
    "duration": (read_duration, DURATION),
    "timestamp": (read_timestamp, TIMESTAMP),
    "date": (read_date, DATE),
}

_MAX_SIZE: Final = 2**31 - 1

_TEXT_TESTS: Final = {
    "startsWith": Function.STARTS_WITH,
    "endsWith": Function.ENDS_WITH,
    "contains": Function.CONTAINS,
}

FUNCTIONS: Final = {
    "count": (1, 2, "count(relation, condition)"),
    "date": (1, 1, "date('2026-01-31')"),
    "duration": (1, 1, "duration('15m')"),
    "exists": (1, 2, "exists(relation, condition)"),
    "lower": (1, 1, "lower(text)"),
    "max": (2, 3, "max(relation, value, condition)"),
    "may": (2, 3, "may('read', entity)"),
    "median": (2, 3, "median(relation, value, condition)"),
    "mentioned": (1, 1, "mentioned(text)"),
    "min": (2, 3, "min(relation, value, condition)"),
    "now": (0, 0, "now()"),
    "slug": (1, 1, "slug(text)"),
    "string": (1, 1, "string(number)"),
    "sum": (2, 3, "sum(relation, value, condition)"),
    "timestamp": (1, 1, "timestamp('2026-01-31T09:30:00Z')"),
}
"""Least and greatest number of arguments of each function, and how it is written."""

_METHODS: Final = {
    Kind.STRING: ("contains", "endsWith", "size", "startsWith"),
    Kind.LIST: ("size",),
    Kind.PRINCIPAL: ("has",),
}


class Calls:
    """Gives calls their types."""

    def __init__(self, context: Context, visit: Visit) -> None:
        self._context = context
        self._visit = visit

    def visit(self, node: CallNode, place: Place) -> Typed:
        """Return the typed form of a call."""
        if node.target is not None:
            return self._method(node, node.target, place)
        if node.name not in FUNCTIONS:
            return self._unknown(node, "function", tuple(FUNCTIONS))
        if not self._arity(node, *FUNCTIONS[node.name]):
            return unknown(node)
        if node.name in _CONSTANTS:
            return self._constant(node)
        return self._function(node, place)

    def _function(self, node: CallNode, place: Place) -> Typed:
        match node.name:
            case "now":
                return Call(node.offset, node.length, TIMESTAMP, Function.NOW, ())
            case "lower" | "slug":
                text = self._text(node.arguments[0], place)
                return Call(node.offset, node.length, STRING, Function(node.name), (text,))
            case "string":
                return self._string(node, place)
            case "mentioned":
                return self._mentioned(node, place)
            case "count" | "exists" | "median" | "min" | "max" | "sum":
                return aggregate(self._context, self._visit, node, place)
            case _:
                return may_do(self._context, self._visit, node, place)

    def _arity(self, node: CallNode, least: int, most: int, usage: str) -> bool:
        if least <= len(node.arguments) <= most:
            return True
        message = f"{node.name} gets {len(node.arguments)} arguments."
        self._context.error(ARGUMENTS, node, message, f"Write {usage}.")
        return False

    def _unknown(self, node: CallNode, what: str, known: tuple[str, ...]) -> Typed:
        place = (node.name_offset, len(node.name))
        methods = {name for names in _METHODS.values() for name in names}
        if what == "function" and node.name in methods:
            help_ = f"Write x.{node.name}({'' if node.name == 'size' else '…'})."
            message = f"'{node.name}' is a method."
            self._context.problems.add_at(FUNCTION, *place, message, help_)
        else:
            self._context.problems.unknown(FUNCTION, place, (what, node.name), known)
        return unknown(node)

    def _constant(self, node: CallNode) -> Typed:
        read, type_ = _CONSTANTS[node.name]
        (argument,) = node.arguments
        if not isinstance(argument, LiteralNode) or not isinstance(argument.value, str):
            help_ = f"Write {FUNCTIONS[node.name][2]}."
            message = f"{node.name} wants a text in quotes."
            return self._context.error(ARGUMENTS, argument, message, help_)
        try:
            return Constant(node.offset, node.length, type_, read(argument.value))
        except LiteralError as error:
            return self._context.error(LITERAL, argument, str(error))

    def _text(self, node: Syntax, place: Place) -> Typed:
        text = self._context.as_value(self._visit(node, place))
        if text.type.kind not in {Kind.STRING, Kind.UNKNOWN}:
            message = f"{self._context.source(text)} is {text.type}, not text."
            return self._context.error(ARGUMENTS, text, message)
        return text if self._context.needs_value(text) else unknown(node)

    def _string(self, node: CallNode, place: Place) -> Typed:
        number = self._context.as_value(self._visit(node.arguments[0], place))
        if number.type.kind not in {Kind.INT, Kind.UNKNOWN}:
            message = f"{self._context.source(number)} is {number.type}, not a whole number."
            return self._context.error(ARGUMENTS, number, message)
        if not self._context.needs_value(number):
            return unknown(node)
        return Call(node.offset, node.length, STRING, Function.STRING, (number,))

    def _mentioned(self, node: CallNode, place: Place) -> Typed:
        text = self._text(node.arguments[0], place)
        asking = self._context.scope.variables.get("principal")
        if asking is None or not asking.name:
            return self._context.error(FUNCTION, node, "Nobody can be mentioned here.")
        return Call(node.offset, node.length, many(asking.name), Function.MENTIONED, (text,))

    def _method(self, node: CallNode, target_node: Syntax, place: Place) -> Typed:
        target = self._visit(target_node, place)
        if target.type.kind is Kind.UNKNOWN:
            return unknown(node)
        methods = _METHODS.get(target.type.kind, ())
        if node.name not in methods:
            return self._unknown(node, f"method of {target.type.required()}", methods)
        if not self._context.needs_value(target):
            return unknown(node)
        if node.name == "has":
            return has_permission(self._context, node, target)
        if node.name == "size":
            self._arity(node, 0, 0, "x.size()")
            type_ = int_between(0, _MAX_SIZE)
            return Call(node.offset, node.length, type_, Function.SIZE, (target,))
        return self._text_test(node, target, place)

    def _text_test(self, node: CallNode, target: Typed, place: Place) -> Typed:
        if not self._arity(node, 1, 1, f"x.{node.name}('text')"):
            return unknown(node)
        part = self._text(node.arguments[0], place)
        call = Call(node.offset, node.length, BOOL, _TEXT_TESTS[node.name], (target, part))
        return replace(call, type=UNKNOWN) if part.type.kind is Kind.UNKNOWN else call
