"""What keeps a database from evaluating an expression."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.expression.analysis import children, depends_on_rows, is_flat
from tospec.expression.problems import NOT_IN_SQL
from tospec.expression.typed import (
    Aggregate,
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
_TEXT_TESTS: Final = frozenset({Function.STARTS_WITH, Function.ENDS_WITH, Function.CONTAINS})


class _Place(Enum):
    """Where a part stands."""

    ALONE = auto()
    COMPARED = auto()
    COMPARED_WITH_FLAT = auto()


def sql_obstacles(expression: TypedExpression) -> list[Diagnostic]:
    """Return what only Python can evaluate, empty when the expression can be a filter."""
    return [
        Diagnostic(
            code=NOT_IN_SQL,
            span=expression.span.inner(part.offset, part.length),
            message=f"The database cannot evaluate {what}.",
            help="Use it where one row is looked at, or store what it computes in a field.",
        )
        for part, what in _obstacles(expression.root, _Place.ALONE)
    ]


def _obstacles(part: Typed, place: _Place) -> Iterator[tuple[Typed, str]]:
    if not depends_on_rows(part):
        return
    what = _call(part) or _computed(part, place) or _test(part)
    if what:
        yield part, what
    for child in children(part):
        yield from _obstacles(child, _place_in(part, child, place))


def _place_in(part: Typed, child: Typed, place: _Place) -> _Place:
    match part:
        case Compare(left=left, right=right):
            return _beside(right if child is left else left)
        case Membership(item=item, options=Items() as options):
            return _beside(options if child is item else item)
        case Items() | Conditional() if not _is_test_of(child, part):
            return place
        case Aggregate(value=value) if child is value and child.type.kind is Kind.DURATION:
            # Measured in whole microseconds.
            return _Place.COMPARED
        case Arithmetic() | Negate() if part.type.kind in _TIMES and place is not _Place.ALONE:
            return _Place.COMPARED
        case _:
            return _Place.ALONE


def _is_test_of(child: Typed, part: Typed) -> bool:
    return isinstance(part, Conditional) and child is part.test


def _beside(other: Typed) -> _Place:
    return _Place.COMPARED_WITH_FLAT if is_flat(other) else _Place.COMPARED


def _call(part: Typed) -> str:
    match part:
        case Call(function=Function.SLUG):
            return "slug"
        case Call(function=Function.MENTIONED):
            return "who is mentioned"
        case Call(function=Function.SIZE, arguments=(text,)) if text.type.kind is Kind.LIST:
            return "the size of a stored list"
        case Call(function=function, arguments=arguments) if function in _TEXT_TESTS:
            return "" if all(map(is_flat, arguments)) else f"{function.value} on a choice of texts"
        case _:
            return ""


def _computed(part: Typed, place: _Place) -> str:
    kind = part.type.kind
    match part:
        case Arithmetic() | Negate() if kind is Kind.DECIMAL:
            return "arithmetic on stored decimals exactly"
        case Arithmetic() | Negate() if kind in _TIMES and place is _Place.ALONE:
            return "arithmetic on stored times outside of a comparison"
        case Conditional(then=then, otherwise=otherwise) if kind is Kind.DECIMAL:
            ints = any(_is_int(each) for each in (then, otherwise))
            alone = place is not _Place.COMPARED_WITH_FLAT
            return "a choice between stored decimals here" if ints or alone else ""
        case Conditional() if kind is Kind.ENUM and place is not _Place.COMPARED_WITH_FLAT:
            return "a choice between values of an enum here"
        case Conditional() if kind in _TIMES and place is _Place.ALONE:
            return "a choice between times outside of a comparison"
        case _:
            return ""


def _is_int(part: Typed) -> bool:
    return part.type.kind is Kind.INT and not isinstance(part, Constant)


def _test(part: Typed) -> str:
    match part:
        case Compare(left=left, right=right):
            return _by_numbers(left, right) or _by_numbers(right, left)
        case Membership(item=item, options=Items(items=items)):
            found = (_by_numbers(item, each) or _by_numbers(each, item) for each in items)
            return next(filter(None, found), "") or _nested(item, items)
        case Membership(item=item, options=options):
            if depends_on_rows(options):
                return "membership in a stored list"
            return _nested(item, (options,))
        case _:
            return ""


def _by_numbers(one: Typed, other: Typed) -> str:
    """Say why a stored decimal does not meet an int, unless this is a constant."""
    mixed = one.type.kind is Kind.DECIMAL and other.type.kind is Kind.INT
    known = isinstance(other, Constant) or not depends_on_rows(one)
    return "a comparison of a stored decimal with an int" if mixed and not known else ""


def _nested(item: Typed, items: tuple[Typed, ...]) -> str:
    chosen = isinstance(item, Conditional) and all(map(is_flat, items))
    return "" if is_flat(item) or chosen else "membership of such a computed value"
