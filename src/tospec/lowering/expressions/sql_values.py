"""Values other than conditions as SQLAlchemy expressions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, Protocol

from tospec.expression import (
    DECIMAL,
    Aggregate,
    Arithmetic,
    Call,
    Conditional,
    Constant,
    Function,
    Kind,
    Negate,
    Path,
    Typed,
    parts,
)
from tospec.lowering.expressions.names import SqlNames
from tospec.lowering.expressions.pieces import Piece, Strength, infix
from tospec.python import Code, fill, literal, symbol

_FUNC: Final = symbol("sqlalchemy", "func")
_LITERAL: Final = symbol("sqlalchemy", "literal")
_CAST: Final = symbol("sqlalchemy", "cast")
_TEXT: Final = symbol("sqlalchemy", "String")
_BIG: Final = symbol("sqlalchemy", "BigInteger")
_OR: Final = symbol("sqlalchemy", "or_")

_TEXTS: Final = frozenset((Kind.STRING, Kind.ENUM, Kind.UUID, Kind.DATE, Kind.TIMESTAMP))
"""What some database keeps as text."""
_INT32_MIN: Final = -(2**31)
_INT32_MAX: Final = 2**31 - 1


class Compiler(Protocol):
    """Compiles the parts of a value."""

    def is_stored(self, part: Typed) -> bool:
        """Return whether a part's value is known to the database only."""

    def is_instant(self, part: Typed) -> bool:
        """Return whether a part is the stored clock, moved by what is known."""

    def python(self, part: Typed) -> Piece:
        """Return a part that is known before the statement runs, as Python."""

    def value(self, part: Typed) -> Piece:
        """Return a part as a column expression or, when it is known before, as Python."""

    def column(self, part: Typed) -> Code:
        """Return a part as a column expression."""

    def choice(self, test: Typed, then: Piece, otherwise: Piece) -> Piece:
        """Return one of two column expressions."""

    def aggregate(self, part: Aggregate) -> Code:
        """Return an aggregate with its condition."""


class SqlValues:
    """Compiles values that are stored."""

    def __init__(self, compiler: Compiler, names: SqlNames) -> None:
        self._compiler = compiler
        self._names = names

    def piece(self, part: Typed) -> Piece:
        """Return a stored value as a column expression.

        Raises:
            ValueError: If `sql_obstacles` has something to say about the part.
        """
        match part:
            case Path():
                return Piece(self._names.path(part))
            case Aggregate():
                return Piece(self._compiler.aggregate(part))
            case Negate(operand=operand):
                piece = self._compiler.value(operand)
                return Piece(fill("-{}", piece.at(Strength.UNARY)), Strength.UNARY)
            case Arithmetic():
                return self._arithmetic(part)
            case Conditional():
                return self._chosen(part)
            case Call():
                return self._call(part)
            case _:
                message = f"{type(part).__name__} has no form in SQL"
                raise ValueError(message)

    def _chosen(self, part: Conditional) -> Piece:
        sides = (Piece(self._compiler.column(each)) for each in (part.then, part.otherwise))
        chosen = self._compiler.choice(part.test, *sides)
        if part.type.kind in _TEXTS and self._is_by_decimals(part.test):
            return Piece(self._names.as_written(chosen.code))
        return chosen

    def _is_by_decimals(self, test: Typed) -> bool:
        decimals = (part for part in parts(test) if part.type.kind is Kind.DECIMAL)
        return any(map(self._compiler.is_stored, decimals))

    def sides(self, left: Typed, right: Typed) -> tuple[Piece, Piece]:
        """Return the operands of a comparison whose left side is stored.

        A driver sends a value as the type of the column that it meets, so a value that does not
        fit this type says its own.
        """
        if left.type.kind is Kind.DECIMAL and isinstance(right, Constant):
            right = replace(right, type=DECIMAL, value=Decimal(str(right.value)))
        known = not self._compiler.is_stored(right)
        if known and _is_wide(right) and not _is_wide_column(left):
            return self._compiler.value(left), Piece(self.literal(right))
        return self._compiler.value(left), self._compiler.value(right)

    def literal(self, part: Typed) -> Code:
        """Return what is known before the statement runs as a column expression."""
        value = self._compiler.python(part).code
        if _is_wide(part):
            return fill("{}({}, {})", _LITERAL, value, _BIG)
        return fill("{}({})", _LITERAL, value)

    def _arithmetic(self, part: Arithmetic) -> Piece:
        left, right = self._operands(part)
        if _is_regrouped(part) and self._compiler.is_stored(part.right):
            right = Piece(fill("{}({}, {})", _CAST, right.code, _BIG))
        # SQLAlchemy's // is the database's own division of ints, which truncates.
        operator = "//" if part.operator == "/" else part.operator
        is_sum = part.operator in {"+", "-"}
        return infix(operator, left, right, Strength.SUM if is_sum else Strength.PRODUCT)

    def _operands(self, part: Arithmetic) -> tuple[Piece, Piece]:
        # A result may fit in 32 bits although an operand does not: a small column less 2**31.
        is_wide = any(map(_is_wide, (part, part.left, part.right)))
        if part.type.kind is not Kind.INT or not is_wide:
            return self._compiler.value(part.left), self._compiler.value(part.right)
        return self._widened(part.left), self._widened(part.right)

    def _widened(self, part: Typed) -> Piece:
        """Return an operand in 64 bits, since the result needs them."""
        if self._compiler.is_stored(part) and _is_wide_column(part):
            return self._compiler.value(part)
        if self._compiler.is_stored(part):
            return Piece(fill("{}({}, {})", _CAST, self._compiler.value(part).code, _BIG))
        return Piece(fill("{}({}, {})", _LITERAL, self._compiler.python(part).code, _BIG))

    def microseconds(self, part: Typed) -> Piece:
        """Return a timestamp or duration as a whole number."""
        match part:
            case Constant(value=timedelta() as value):
                number = literal(value // timedelta(microseconds=1))
                return Piece(fill("{}({}, {})", _LITERAL, number, _BIG))
            case Negate(operand=operand) if self._compiler.is_stored(part):
                inner = self.microseconds(operand).at(Strength.UNARY)
                return Piece(fill("-{}", inner), Strength.UNARY)
            case Arithmetic() if self._is_reckoned(part):
                return self._reckoned(part)
            case Conditional(test=test, then=then, otherwise=otherwise) if self._compiler.is_stored(
                part
            ):
                sides = (self.microseconds(then), self.microseconds(otherwise))
                return self._compiler.choice(test, *sides)
            case _:
                return Piece(self._names.microseconds(self._compiler.value(part).code))

    def _is_reckoned(self, part: Arithmetic) -> bool:
        return self._compiler.is_stored(part) and not self._compiler.is_instant(part)

    def _reckoned(self, part: Arithmetic) -> Piece:
        if part.operator == "*":
            return infix("*", self._factor(part.left), self._factor(part.right), Strength.PRODUCT)
        sides = (self.microseconds(part.left), self.microseconds(part.right))
        return infix(part.operator, *sides, Strength.SUM)

    def _factor(self, part: Typed) -> Piece:
        is_time = part.type.kind is Kind.DURATION
        return self.microseconds(part) if is_time else self._compiler.value(part)

    def _call(self, part: Call) -> Piece:
        if part.function is Function.LOWER:
            return Piece(self._names.lower(self._compiler.column(part.arguments[0])))
        if part.function is Function.SIZE:
            return Piece(_length(self._compiler.column(part.arguments[0])))
        if part.function is Function.STRING:
            return Piece(fill("{}({}, {})", _CAST, self._compiler.column(part.arguments[0]), _TEXT))
        text, sought = part.arguments
        return self._text_test(part.function, self._compiler.column(text), sought)

    def _text_test(self, function: Function, text: Code, sought: Typed) -> Piece:
        """Return a test of text without LIKE, whose case differs between databases."""
        wanted = self._compiler.value(sought).at(Strength.SUM)
        if function is Function.CONTAINS:
            return self._contains(text, sought, wanted)
        size = self._size(sought)
        if function is Function.STARTS_WITH:
            found = fill("{}.substr({}, 1, {})", _FUNC, text, size.code)
        else:
            start = fill("{} - {}", _length(text), size.at(Strength.PRODUCT))
            found = fill("{}.substr({}, {} + 1)", _FUNC, text, start)
        return Piece(fill("{} == {}", found, wanted), Strength.COMPARISON)

    def _contains(self, text: Code, sought: Typed, wanted: Code) -> Piece:
        if isinstance(sought, Constant) and sought.value == "":
            return Piece(fill("{}()", symbol("sqlalchemy", "true")))
        found = fill('{}.replace({}, {}, "") != {}', _FUNC, text, wanted, text)
        if isinstance(sought, Constant):
            return Piece(found, Strength.COMPARISON)
        empty = fill('{} == ""', self._compiler.column(sought))
        return Piece(fill("{}({}, {})", _OR, empty, found))

    def _size(self, text: Typed) -> Piece:
        if isinstance(text, Constant):
            return Piece(literal(len(str(text.value))))
        if self._compiler.is_stored(text):
            return Piece(_length(self._compiler.column(text)))
        return Piece(fill("len({})", self._compiler.python(text).code))


def _length(text: Code) -> Code:
    return fill("{}.length({})", _FUNC, text)


def _is_wide(part: Typed) -> bool:
    is_int = part.type.kind is Kind.INT
    return is_int and (part.type.minimum < _INT32_MIN or part.type.maximum > _INT32_MAX)


def _is_wide_column(part: Typed) -> bool:
    """Return whether SQLAlchemy takes a stored int for one of 64 bits."""
    return _is_wide(part) and isinstance(part, Path | Arithmetic)


def _is_regrouped(part: Arithmetic) -> bool:
    """Return whether SQLAlchemy drops the parentheses of the right operand.

    It prints `a * (b * c)` as `a * b * c`, and `a * b` may not fit where the whole does.
    """
    same = isinstance(part.right, Arithmetic) and part.right.operator == part.operator
    return same and part.type.kind is Kind.INT and part.operator in {"+", "*"}
