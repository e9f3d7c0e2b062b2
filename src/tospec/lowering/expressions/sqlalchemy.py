"""Typed expressions as SQLAlchemy expressions.

A condition of a statement takes NULL for false, so `column == value` need not care about NULL; a
condition that is selected as a value, compared, or chosen must, and is compiled `exact`. `!` goes
inwards until it meets a comparison, since NOT NULL is not true.

What is known before the statement runs is Python, and guards what follows it, as in
`tasks.c.due_at < limit if limit is not None else false()`. The time may be known to the statement
only; it is compared like a column then, and stays what it is when a known length of time is added.
"""

from collections.abc import Sequence
from typing import Final

from tospec.expression import (
    Aggregate,
    And,
    Compare,
    Conditional,
    Constant,
    HasPermission,
    Items,
    Kind,
    MayDo,
    Membership,
    Not,
    Or,
    Typed,
    TypedExpression,
)
from tospec.lowering.expressions.names import SqlNames
from tospec.lowering.expressions.pieces import Piece, Strength, infix
from tospec.lowering.expressions.python import PythonCompiler
from tospec.lowering.expressions.rewriting import (
    distributed,
    distributed_membership,
    existence,
    flipped,
    null_test,
    opposite,
    single,
    without_repetitions,
)
from tospec.lowering.expressions.sql_values import SqlValues
from tospec.lowering.expressions.stored import Stored
from tospec.lowering.expressions.times import isolated, reckons_with_time
from tospec.python import Code, fill, join, symbol

_JOINED: Final = {
    And: symbol("sqlalchemy", "and_"),
    Or: symbol("sqlalchemy", "or_"),
}
_CONSTANTS: Final = {
    True: fill("{}()", symbol("sqlalchemy", "true")),
    False: fill("{}()", symbol("sqlalchemy", "false")),
}
_CASE: Final = symbol("sqlalchemy", "case")


def to_sqlalchemy(expression: TypedExpression, names: SqlNames, *, exact: bool = False) -> Code:
    """Return a SQLAlchemy expression with the value of the expression for each row.

    Args:
        expression: One for which `sql_obstacles` finds nothing.
        names: How the caller spells what the expression names.
        exact: Whether a condition must be false where it is not true. A WHERE clause does not
            care; a column in a SELECT does.
    """
    compiler = SqlCompiler(names)
    if expression.type.kind is Kind.BOOL:
        return compiler.condition(expression.root, exact=exact).code
    return compiler.column(expression.root)


class SqlCompiler:
    """Compiles parts of one expression."""

    def __init__(self, names: SqlNames) -> None:
        self._names = names
        self._stored = Stored(names)
        self._python = PythonCompiler(names.python)
        self._values = SqlValues(self, names)

    def is_stored(self, part: Typed) -> bool:
        """Return whether a part's value is known to the database only."""
        return self._stored.is_stored(part)

    def is_instant(self, part: Typed) -> bool:
        """Return whether a part is the stored clock, moved by what is known."""
        return self._stored.is_instant(part)

    def python(self, part: Typed) -> Piece:
        """Return a part that is known before the statement runs, as Python."""
        return self._python.piece(part)

    def value(self, part: Typed) -> Piece:
        """Return a part as a column expression or, when it is known before, as Python."""
        if self.is_instant(part) or not self.is_stored(part):
            return self.python(part)
        if part.type.kind is Kind.BOOL:
            return self.condition(part, exact=True)
        return self._values.piece(part)

    def column(self, part: Typed) -> Code:
        """Return a part as a column expression."""
        if self.is_stored(part):
            return self.value(part).at(Strength.ATOM)
        if isinstance(part, Constant) and isinstance(part.value, bool):
            return _CONSTANTS[part.value]
        return self._values.literal(part)

    def condition(self, part: Typed, *, exact: bool) -> Piece:
        """Return a bool as a condition."""
        if not self.is_stored(part):
            return Piece(self.column(part))
        match part:
            case Not(operand=operand):
                return self._not(operand, exact=exact)
            case And() | Or():
                return self._joined(part, exact=exact)
            case Compare():
                return self._comparison(part, exact=exact)
            case Membership():
                return self._membership(part, negated=False, exact=exact)
            case _:
                return self._test(part, exact=exact)

    def _test(self, part: Typed, *, exact: bool) -> Piece:
        match part:
            case Conditional():
                return self._conditional(part, exact=exact)
            case HasPermission():
                return Piece(self._names.has_permission(part))
            case MayDo():
                return Piece(self._names.may(part))
            case Aggregate():
                return Piece(self.aggregate(part))
            case _:
                return self._values.piece(part)

    def aggregate(self, part: Aggregate) -> Code:
        """Return an aggregate with its condition and its value."""
        inside = SqlCompiler(self._names.inside(part))
        condition = None
        if part.condition is not None:
            condition = inside.condition(part.condition, exact=False).code
        value = None if part.value is None else inside.measured(part.value)
        return self._names.aggregate(part, condition, value)

    def measured(self, part: Typed) -> Code:
        """Return what an aggregate measures, a duration in whole microseconds."""
        if part.type.kind is Kind.DURATION:
            return self._values.microseconds(part).code
        return self.column(part)

    def _not(self, operand: Typed, *, exact: bool) -> Piece:
        if isinstance(operand, Membership):
            return self._membership(operand, negated=True, exact=exact)
        inner = opposite(operand)
        if not isinstance(inner, Not):
            return self.condition(inner, exact=exact)
        piece = self.condition(operand, exact=True)
        return Piece(fill("~{}", piece.at(Strength.UNARY)), Strength.UNARY)

    def _joined(self, part: And | Or, *, exact: bool) -> Piece:
        stored = [each for each in part.operands if self.is_stored(each)]
        known = [each for each in part.operands if not self.is_stored(each)]
        conditions = [self.condition(each, exact=exact) for each in stored]
        joined = self._all(part, conditions)
        if not known:
            return joined
        guard = type(part)(part.offset, part.length, part.type, tuple(known))
        test = self.python(known[0] if len(known) == 1 else guard)
        if isinstance(part, And):
            pieces = (joined.at(Strength.OR), test.at(Strength.OR), _CONSTANTS[False])
        else:
            pieces = (_CONSTANTS[True], test.at(Strength.OR), joined.code)
        return Piece(fill("{} if {} else {}", *pieces), Strength.CONDITIONAL)

    def _all(self, part: And | Or, conditions: Sequence[Piece]) -> Piece:
        if len(conditions) == 1:
            return conditions[0]
        codes = join(", ", (condition.code for condition in conditions))
        return Piece(fill("{}({})", _JOINED[type(part)], codes))

    def _conditional(self, part: Conditional, *, exact: bool) -> Piece:
        then = self.condition(part.then, exact=exact)
        otherwise = self.condition(part.otherwise, exact=exact)
        return self.choice(part.test, then, otherwise)

    def choice(self, test: Typed, then: Piece, otherwise: Piece) -> Piece:
        """Return one of two column expressions."""
        if self.is_stored(test):
            condition = self.condition(test, exact=False).code
            codes = (_CASE, condition, then.code, otherwise.code)
            return Piece(fill("{}(({}, {}), else_={})", *codes))
        pieces = (then.at(Strength.OR), self.python(test).at(Strength.OR), otherwise.code)
        return Piece(fill("{} if {} else {}", *pieces), Strength.CONDITIONAL)

    def _comparison(self, part: Compare, *, exact: bool) -> Piece:
        tested = null_test(part)
        if tested is not None and not isinstance(tested, Conditional):
            return self._null_test(tested, wanted=part.operator == "==")
        part = self._stored_first(part)
        alone = self._stored.varies if self._stored.varies(part) else self.is_stored
        rewritten = existence(part) or self._distributed(isolated(part, alone))
        if not isinstance(rewritten, Compare):
            return self.condition(rewritten, exact=exact)
        return self._plain_comparison(rewritten, exact=exact)

    def _null_test(self, tested: Typed, *, wanted: bool) -> Piece:
        if not tested.type.nullable:
            return Piece(_CONSTANTS[not wanted])
        return self._method(self.value(tested), "is_" if wanted else "is_not", Code("None"))

    def _distributed(self, part: Compare) -> Compare | Conditional:
        for each in (part, flipped(part)):
            found = distributed(each, self.is_stored)
            if isinstance(found, Conditional):
                return found
        return part

    def _plain_comparison(self, part: Compare, *, exact: bool) -> Piece:
        part = self._stored_first(part)
        if isinstance(part.right, Constant) and isinstance(part.right.value, bool):
            return self._against_bool(part, wanted=part.right.value, exact=exact)
        left, right = self._sides(part)
        nullable = [part.left.type.nullable, part.right.type.nullable]
        if part.operator == "!=" and any(nullable):
            return self._method(left, "is_distinct_from", right.code)
        if part.operator == "==" and (all(nullable) or (exact and any(nullable))):
            return self._method(left, "is_not_distinct_from", right.code)
        return infix(part.operator, left, right, Strength.COMPARISON)

    def _stored_first(self, part: Compare) -> Compare:
        """Return a comparison with a column on the left, or the clock where there is none."""
        is_first = self._stored.varies if self._stored.varies(part) else self.is_stored
        return part if is_first(part.left) else flipped(part)

    def _sides(self, part: Compare) -> tuple[Piece, Piece]:
        stored = filter(self.is_stored, (part.left, part.right))
        if any(reckons_with_time(each) and not self.is_instant(each) for each in stored):
            return self._values.microseconds(part.left), self._values.microseconds(part.right)
        return self._values.sides(part.left, part.right)

    def _against_bool(self, part: Compare, *, wanted: bool, exact: bool) -> Piece:
        holds = wanted == (part.operator == "==")
        if part.left.type.nullable:
            word = "is_" if part.operator == "==" else "is_not"
            return self._method(self.value(part.left), word, Code(repr(wanted)))
        return (
            self.condition(part.left, exact=exact) if holds else self._not(part.left, exact=exact)
        )

    def _membership(self, part: Membership, *, negated: bool, exact: bool) -> Piece:
        choice = distributed_membership(part)
        if choice is not None:
            return self.condition(opposite(choice) if negated else choice, exact=exact)
        if not isinstance(part.options, Items):
            known = self.value(part.options).code
            return self._in_values(part, known, negated=negated, exact=exact)
        return self._in_list(part, part.options, negated=negated, exact=exact)

    def _in_list(self, part: Membership, options: Items, *, negated: bool, exact: bool) -> Piece:
        comparison = single(part)
        if comparison is not None:
            return self.condition(opposite(comparison) if negated else comparison, exact=exact)
        items = without_repetitions(options.items)
        varies = any(map(self.is_stored, items)) or not self.is_stored(part.item)
        if varies or reckons_with_time(part.item):
            return self._as_comparisons(part, items, negated=negated, exact=exact)
        values = (self._values.sides(part.item, item)[1].code for item in items)
        listed = fill("[{}]", join(", ", values))
        return self._in_values(part, listed, negated=negated, exact=exact)

    def _as_comparisons(
        self, part: Membership, items: tuple[Typed, ...], *, negated: bool, exact: bool
    ) -> Piece:
        if not items:
            return Piece(_CONSTANTS[negated])
        each = tuple(
            Compare(part.offset, part.length, part.type, "==", part.item, item) for item in items
        )
        some = Or(part.offset, part.length, part.type, each)
        return self.condition(opposite(some) if negated else some, exact=exact)

    def _in_values(self, part: Membership, values: Code, *, negated: bool, exact: bool) -> Piece:
        item = self.value(part.item)
        found = self._method(item, "not_in" if negated else "in_", values)
        if not part.item.type.nullable or not (negated or exact):
            return found
        null = self._method(item, "is_" if negated else "is_not", Code("None"))
        joined = _JOINED[Or if negated else And]
        return Piece(fill("{}({}, {})", joined, null.code, found.code))

    def _method(self, item: Piece, name: str, argument: Code) -> Piece:
        return Piece(fill("{}.{}({})", item.at(Strength.ATOM), Code(name), argument))
