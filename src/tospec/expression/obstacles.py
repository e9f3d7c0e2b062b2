"""What keeps a database from evaluating an expression."""

from collections.abc import Iterator
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.expression.analysis import children, depends_on_rows
from tospec.expression.problems import NOT_IN_SQL
from tospec.expression.typed import (
    Arithmetic,
    Call,
    Compare,
    Conditional,
    Constant,
    Function,
    Items,
    Membership,
    Negate,
    Typed,
    TypedExpression,
)
from tospec.expression.types import Kind

_TIMES: Final = frozenset({Kind.TIMESTAMP, Kind.DURATION})
_COMPUTED: Final = (Arithmetic, Negate)


def sql_obstacles(expression: TypedExpression) -> list[Diagnostic]:
    """Return what only Python can evaluate, empty when the expression can be a filter."""
    return [
        Diagnostic(
            code=NOT_IN_SQL,
            span=expression.span.inner(part.offset, part.length),
            message=f"The database cannot evaluate {what}.",
            help="Use it where one row is looked at, or store what it computes in a field.",
        )
        for part, what in _obstacles(expression.root, in_comparison=False)
    ]


def _obstacles(part: Typed, *, in_comparison: bool) -> Iterator[tuple[Typed, str]]:
    if not depends_on_rows(part):
        return
    what = _by_shape(part) or _by_type(part, in_comparison=in_comparison)
    if what:
        yield part, what
    inside = isinstance(part, Compare) or (in_comparison and isinstance(part, _COMPUTED))
    for child in children(part):
        yield from _obstacles(child, in_comparison=inside)


def _by_shape(part: Typed) -> str:
    match part:
        case Call(function=Function.SLUG):
            return "slug"
        case Call(function=Function.MENTIONED):
            return "who is mentioned"
        case Call(function=Function.SIZE, arguments=(text,)) if text.type.kind is Kind.LIST:
            return "the size of a stored list"
        case Membership(options=options) if not isinstance(options, Items):
            return "membership in a stored list" if depends_on_rows(options) else ""
        case _:
            return ""


def _by_type(part: Typed, *, in_comparison: bool) -> str:
    match part:
        case Arithmetic() | Negate() if part.type.kind is Kind.DECIMAL:
            return "arithmetic on stored decimals exactly"
        case Arithmetic() | Negate() if part.type.kind in _TIMES and not in_comparison:
            return "arithmetic on stored times outside of a comparison"
        case Conditional() if part.type.kind is Kind.ENUM or part.type.kind in _TIMES:
            return "" if in_comparison else f"a choice between values of type {part.type}"
        case Compare(left=left, right=right):
            return _by_numbers(left, right) or _by_numbers(right, left)
        case Membership(item=item, options=Items(items=items)):
            found = (_by_numbers(item, each) or _by_numbers(each, item) for each in items)
            return next(filter(None, found), "")
        case _:
            return ""


def _by_numbers(one: Typed, other: Typed) -> str:
    """Say why a stored decimal does not meet an int, unless this is a constant."""
    mixed = one.type.kind is Kind.DECIMAL and other.type.kind is Kind.INT
    known = isinstance(other, Constant) or not depends_on_rows(one)
    return "a comparison of a stored decimal with an int" if mixed and not known else ""
