"""`count(relation, condition)` and `exists(relation, condition)`."""

from typing import Final

from tospec.expression.context import Context, Place, Visit, unknown
from tospec.expression.nodes import CallNode
from tospec.expression.operators import require_bool
from tospec.expression.problems import TO_MANY
from tospec.expression.typed import Aggregate, Path, Root, Tally, Typed
from tospec.expression.types import BOOL, Kind, entity, int_between

_MAX_ROWS: Final = 2**53


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
    condition = None
    if len(node.arguments) > 1:
        condition = require_bool(context, visit(node.arguments[1], inside))
    tally = Tally(node.name)
    type_ = BOOL if tally is Tally.EXISTS else int_between(0, _MAX_ROWS)
    return Aggregate(node.offset, node.length, type_, tally, relation, row, condition)


def _related_row(context: Context, relation: Path, place: Place) -> Root:
    level = (place.rows[-1].level or 0) + 1 if place.rows else 1
    name = context.scope.variable_of(relation.type.name)
    taken = {row.name for row in place.rows} | set(context.scope.variables)
    if name in taken:
        # A name with a space cannot be written, so the outer row keeps its own.
        name = f"{name} {level}"
    return Root(name, entity(relation.type.name), level)
