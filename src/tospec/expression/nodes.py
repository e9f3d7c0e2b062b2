"""Syntax of an expression: what was written, before its meaning is known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tospec.source import Span

type Literal = bool | int | Decimal | str | datetime | date | timedelta | None
"""A constant: null is None, and an enum's value is its text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Attributes:
        offset: Code points of the expression's text before it.
        length: Code points that it covers.
    """

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class LiteralNode(Node):
    """A constant: bool, int, decimal, string or null."""

    value: Literal


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """A list of expressions in brackets."""

    items: "tuple[Syntax, ...]"


@dataclass(frozen=True, slots=True)
class NameNode(Node):
    """A name that stands alone."""

    name: str


@dataclass(frozen=True, slots=True)
class MemberNode(Node):
    """`target.name`; `name_offset` is the place of the name."""

    target: "Syntax"
    name: str
    name_offset: int


@dataclass(frozen=True, slots=True)
class CallNode(Node):
    """`name(arguments)` or `target.name(arguments)`."""

    target: "Syntax | None"
    name: str
    name_offset: int
    arguments: "tuple[Syntax, ...]"


@dataclass(frozen=True, slots=True)
class UnaryNode(Node):
    """`!operand` or `-operand`."""

    operator: str
    operand: "Syntax"


@dataclass(frozen=True, slots=True)
class LogicNode(Node):
    """Two or more operands joined by `&&` or by `||`."""

    operator: str
    operands: "tuple[Syntax, ...]"


@dataclass(frozen=True, slots=True)
class BinaryNode(Node):
    """A comparison, `in`, or arithmetic on two operands."""

    operator: str
    left: "Syntax"
    right: "Syntax"


@dataclass(frozen=True, slots=True)
class ConditionalNode(Node):
    """`test ? then : otherwise`."""

    test: "Syntax"
    then: "Syntax"
    otherwise: "Syntax"


type Syntax = (
    LiteralNode
    | ListNode
    | NameNode
    | MemberNode
    | CallNode
    | UnaryNode
    | LogicNode
    | BinaryNode
    | ConditionalNode
)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that is well formed; its types are not known yet.

    Attributes:
        text: What was written, one line.
        span: Where it was written.
        root: The outermost part.
    """

    text: str
    span: Span
    root: Syntax
