"""`count(relation, condition)`, `median(relation, value, condition)` and the like."""

from typing import Final

from tospec.expression.analysis import depends_on_rows, parts
from tospec.expression.context import Context, Place, Visit, unknown
from tospec.expression.narrowing import Facts, proven
from tospec.expression.nodes import CallNode, Syntax
from tospec.expression.operators import require_bool
from tospec.expression.problems import ARGUMENTS, OVERFLOW, TO_MANY
from tospec.expression.typed import Aggregate, Path, Root, Tally, Typed
from tospec.expression.types import (
    BOOL,
    INT64_MAX,
    INT64_MIN,
    Kind,
    Type,
    entity,
    int_between,
)

_MAX_ROWS: Final = 2**53
_MAX_SUMMANDS: Final = 2**31
_EXACT: Final = frozenset({Kind.INT, Kind.DURATION})
_MEASURED: Final = {
    Tally.MEDIAN: _EXACT,
    Tally.SUM: frozenset({Kind.INT}),
    Tally.MIN: _EXACT | {Kind.TIMESTAMP, Kind.DATE},
    Tally.MAX: _EXACT | {Kind.TIMESTAMP, Kind.DATE},
}
"""Kinds of values that each measure is the same for in every database."""


def aggregate(context: Context, visit: Visit, node: CallNode, place: Place) -> Typed:
    """Return a tally of the rows of a relation to many."""
    relation = visit(node.arguments[0], place)
    if relation.type.kind is Kind.UNKNOWN:
        return unknown(node)
    if not isinstance(relation, Path) or relation.type.kind is not Kind.MANY:
        message = f"{context.source(relation)} is {relation.type}, not a relation to many."
        return context.error(TO_MANY, relation, message)
    row = _related_row(context, relation, place)
    inside = Place((*place.rows, row), place.facts)
    tally = Tally(node.name)
    if tally.measures:
        return _measure(context, visit, node, (tally, relation, row), inside)
    condition = _condition(context, visit, node.arguments[1:], inside)
    type_ = BOOL if tally is Tally.EXISTS else int_between(0, _MAX_ROWS)
    return Aggregate(node.offset, node.length, type_, tally, relation, row, condition)


def _measure(
    context: Context,
    visit: Visit,
    node: CallNode,
    of: tuple[Tally, Path, Root],
    inside: Place,
) -> Typed:
    condition = _condition(context, visit, node.arguments[2:], inside)
    known = inside if condition is None else inside.knowing(_of_rows(condition))
    value = context.as_value(visit(node.arguments[1], known))
    if value.type.kind is Kind.UNKNOWN:
        return unknown(node)
    tally, relation, row = of
    if value.type.kind not in _MEASURED[tally]:
        kinds = ", ".join(sorted(kind.value for kind in _MEASURED[tally]))
        message = f"{context.source(value)} is {value.type.required()}; {tally} measures {kinds}."
        return context.error(ARGUMENTS, value, message)
    if value.type.kind not in _EXACT and not isinstance(value, Path):
        message = f"The {tally} of such a computed {value.type.required()} cannot be measured."
        return context.error(ARGUMENTS, value, message, "Name a field.")
    if not depends_on_rows(value):
        message = f"{context.source(value)} is the same for all rows."
        return context.error(ARGUMENTS, value, message, "Measure a value of the rows.")
    type_ = _type(context, node, tally, value.type).optional()
    return Aggregate(node.offset, node.length, type_, tally, relation, row, condition, value)


def _condition(
    context: Context, visit: Visit, written: tuple[Syntax, ...], inside: Place
) -> Typed | None:
    if not written:
        return None
    return require_bool(context, visit(written[0], inside))


def _of_rows(condition: Typed) -> Facts:
    """Return what a condition proves of rows.

    What it proves of variables is no use to the value, which is worked out of them before the
    condition is asked of any row.
    """
    stored = {part.key for part in parts(condition) if isinstance(part, Path) and part.is_stored}
    return proven(condition, outcome=True) & stored


def _type(context: Context, node: CallNode, tally: Tally, value: Type) -> Type:
    """Return the type of a measure; what is worked out on the way must fit as well."""
    if value.kind is not Kind.INT or tally in {Tally.MIN, Tally.MAX}:
        return value
    low, high = value.minimum, value.maximum
    if tally is Tally.MEDIAN:
        fits = high - low <= INT64_MAX
    else:
        low, high = min(low, 0) * _MAX_SUMMANDS, max(high, 0) * _MAX_SUMMANDS
        fits = low >= INT64_MIN and high <= INT64_MAX
    if not fits:
        message = f"{context.source(node)} can leave the range of 64-bit ints."
        context.error(OVERFLOW, node, message, "Give the fields in it a range.")
    return int_between(low, high)


def _related_row(context: Context, relation: Path, place: Place) -> Root:
    level = (place.rows[-1].level or 0) + 1 if place.rows else 1
    name = context.scope.variable_of(relation.type.name)
    taken = {row.name for row in place.rows} | set(context.scope.variables)
    if name in taken:
        # A name with a space cannot be written, so the outer row keeps its own.
        name = f"{name} {level}"
    return Root(name, entity(relation.type.name), level)
