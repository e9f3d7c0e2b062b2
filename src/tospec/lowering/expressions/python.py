"""Typed expressions as Python expressions."""

from datetime import timedelta
from typing import Final

from tospec.expression import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Conditional,
    Constant,
    Function,
    HasPermission,
    Items,
    Kind,
    MayDo,
    Membership,
    Negate,
    Not,
    Or,
    Path,
    Typed,
    TypedExpression,
    depends_on_rows,
)
from tospec.lowering.expressions.names import PythonNames
from tospec.lowering.expressions.pieces import Piece, Strength, infix
from tospec.lowering.expressions.rewriting import (
    flipped,
    null_test,
    opposite,
    single,
    without_repetitions,
)
from tospec.lowering.expressions.times import isolated
from tospec.python import Code, fill, join, literal, symbol

_UNITS: Final = {
    Code("days"): timedelta(days=1),
    Code("hours"): timedelta(hours=1),
    Code("minutes"): timedelta(minutes=1),
    Code("seconds"): timedelta(seconds=1),
    Code("milliseconds"): timedelta(milliseconds=1),
}
_DECIMAL: Final = symbol("decimal", "Decimal")


def to_python(expression: TypedExpression, names: PythonNames) -> Code:
    """Return a Python expression with the value of the expression for one row.

    The value is a bool, int, Decimal, str, UUID, aware datetime, date, timedelta, member of an
    enum, list, or None.

    Raises:
        ValueError: If the expression asks who is mentioned: that is a source of rows, no value.
    """
    return PythonCompiler(names).piece(expression.root).code


class PythonCompiler:
    """Compiles parts of one expression."""

    def __init__(self, names: PythonNames) -> None:
        self._names = names

    def piece(self, part: Typed) -> Piece:
        """Return the Python form of a part."""
        match part:
            case Constant():
                return self._constant(part)
            case Path():
                return Piece(self._names.path(part))
            case Items(items=items):
                return Piece(fill("[{}]", self._listed(items)))
            case Not() | And() | Or() | Compare() | Membership():
                return self._condition(part)
            case Arithmetic() | Negate() | Conditional():
                return self._computed(part)
            case Call() | HasPermission() | MayDo() | Aggregate():
                return self._call(part)

    def _condition(self, part: Not | And | Or | Compare | Membership) -> Piece:
        match part:
            case Not(operand=operand):
                return self._not(operand)
            case And(operands=operands):
                pieces = (self.piece(each).at(Strength.AND) for each in operands)
                return Piece(join(" and ", pieces), Strength.AND)
            case Or(operands=operands):
                pieces = (self.piece(each).at(Strength.OR) for each in operands)
                return Piece(join(" or ", pieces), Strength.OR)
            case Compare():
                return self._comparison(part)
            case Membership():
                return self._membership(part, negated=False)

    def _computed(self, part: Arithmetic | Negate | Conditional) -> Piece:
        match part:
            case Arithmetic():
                return self._arithmetic(part)
            case Negate(operand=operand):
                return Piece(fill("-{}", self.piece(operand).at(Strength.UNARY)), Strength.UNARY)
            case Conditional(test=test, then=then, otherwise=otherwise):
                parts = (
                    self.piece(then).at(Strength.OR),
                    self.piece(test).at(Strength.OR),
                    self.piece(otherwise).code,
                )
                return Piece(fill("{} if {} else {}", *parts), Strength.CONDITIONAL)

    def _call(self, part: Call | HasPermission | MayDo | Aggregate) -> Piece:
        match part:
            case Call():
                return self._function(part)
            case HasPermission():
                return Piece(self._names.has_permission(part))
            case MayDo():
                return Piece(self._names.may(part))
            case Aggregate():
                return self._aggregate(part)

    def _aggregate(self, part: Aggregate) -> Piece:
        inside = PythonCompiler(self._names.inside(part))
        condition, value = (
            None if each is None else inside.piece(each).at(Strength.OR)
            for each in (part.condition, part.value)
        )
        return Piece(self._names.aggregate(part, condition, value))

    def _constant(self, part: Constant) -> Piece:
        if part.type.kind is Kind.ENUM and isinstance(part.value, str):
            return Piece(self._names.enum_member(part.type, part.value))
        code = duration(part.value) if isinstance(part.value, timedelta) else literal(part.value)
        return Piece(code, Strength.UNARY if code.text.startswith("-") else Strength.ATOM)

    def _not(self, operand: Typed) -> Piece:
        match operand:
            case Membership():
                return self._membership(operand, negated=True)
            case Not() | Compare():
                return self.piece(opposite(operand))
            case _:
                return Piece(fill("not {}", self.piece(operand).at(Strength.NOT)), Strength.NOT)

    def _comparison(self, part: Compare) -> Piece:
        tested = null_test(part)
        if tested is not None and not tested.type.nullable:
            return Piece(literal(part.operator == "!="))
        if tested is not None:
            return self._against_constant(part, tested, Code("None"))
        part = isolated(part, depends_on_rows)
        if isinstance(part.left, Constant) and not isinstance(part.right, Constant):
            part = flipped(part)
        if isinstance(part.right, Constant) and isinstance(part.right.value, bool):
            return self._against_bool(part, wanted=part.right.value)
        left, right = self.piece(part.left), self.piece(part.right)
        return infix(part.operator, left, right, Strength.COMPARISON)

    def _against_constant(self, part: Compare, tested: Typed, constant: Code) -> Piece:
        if isinstance(tested, Constant):
            truth = (tested.value is None) == (part.operator == "==")
            return Piece(literal(truth))
        word = "is" if part.operator == "==" else "is not"
        return infix(word, self.piece(tested), Piece(constant), Strength.COMPARISON)

    def _against_bool(self, part: Compare, *, wanted: bool) -> Piece:
        if part.left.type.nullable:
            return self._against_constant(part, part.left, literal(wanted))
        holds = wanted == (part.operator == "==")
        return self.piece(part.left) if holds else self._not(part.left)

    def _membership(self, part: Membership, *, negated: bool) -> Piece:
        comparison = single(part)
        if comparison is not None:
            return self.piece(opposite(comparison) if negated else comparison)
        options = self._options(part.options)
        if options is None:
            return Piece(literal(negated))
        word = "not in" if negated else "in"
        return infix(word, self.piece(part.item), Piece(options), Strength.COMPARISON)

    def _options(self, options: Typed) -> Code | None:
        if not isinstance(options, Items):
            return self.piece(options).at(Strength.SUM)
        if not options.items:
            return None
        items = without_repetitions(options.items)
        return fill("({},)" if len(items) == 1 else "({})", self._listed(items))

    def _listed(self, items: tuple[Typed, ...]) -> Code:
        return join(", ", (self.piece(item).code for item in items))

    def _arithmetic(self, part: Arithmetic) -> Piece:
        left, right = self.piece(part.left), self.piece(part.right)
        if part.operator in {"/", "%"}:
            return self._division(part, left, right)
        strength = Strength.PRODUCT if part.operator == "*" else Strength.SUM
        return infix(part.operator, left, right, strength)

    def _division(self, part: Arithmetic, left: Piece, right: Piece) -> Piece:
        if part.left.type.minimum >= 0 and part.right.type.minimum > 0:
            operator = "//" if part.operator == "/" else "%"
            return infix(operator, left, right, Strength.PRODUCT)
        # On ints // and % round down; on decimals they cut off, as databases do.
        dividend = fill("{}({})", _DECIMAL, left.code)
        operator = "//" if part.operator == "/" else "%"
        return Piece(fill("int({} {} {})", dividend, Code(operator), right.at(Strength.UNARY)))

    def _function(self, part: Call) -> Piece:
        pieces = [self.piece(argument) for argument in part.arguments]
        match part.function:
            case Function.NOW:
                return Piece(self._names.now())
            case Function.LOWER:
                return Piece(self._names.lower(pieces[0].at(Strength.ATOM)))
            case Function.SLUG:
                return Piece(self._names.slug(pieces[0].code))
            case Function.SIZE:
                return Piece(fill("len({})", pieces[0].code))
            case Function.STRING:
                return Piece(fill("str({})", pieces[0].code))
            case Function.MENTIONED:
                message = "who is mentioned has no value in Python"
                raise ValueError(message)
            case _:
                return _text_test(part.function, *pieces)


def duration(value: timedelta) -> Code:
    """Return a duration in the largest unit that needs no fraction: `timedelta(minutes=15)`."""
    for unit, size in _UNITS.items():
        if value % size == timedelta():
            return fill("{}({}={})", symbol("datetime", "timedelta"), unit, literal(value // size))
    return literal(value)


def _text_test(function: Function, text: Piece, part: Piece) -> Piece:
    if function is Function.STARTS_WITH:
        return Piece(fill("{}.startswith({})", text.at(Strength.ATOM), part.code))
    if function is Function.ENDS_WITH:
        return Piece(fill("{}.endswith({})", text.at(Strength.ATOM), part.code))
    return infix("in", part, text, Strength.COMPARISON)
