"""The errors that an expression can have."""

from collections.abc import Iterable
from typing import Final

from tospec.diagnostics import Diagnostic, nearest
from tospec.expression.nodes import Node
from tospec.source import Span

SYNTAX: Final = "TS0300"
TOO_LONG: Final = "TS0301"
TOO_DEEP: Final = "TS0302"
UNSUPPORTED: Final = "TS0303"
LITERAL: Final = "TS0304"
NAME: Final = "TS0310"
MEMBER: Final = "TS0311"
FUNCTION: Final = "TS0312"
ARGUMENTS: Final = "TS0313"
ENUM_VALUE: Final = "TS0314"
PERMISSION: Final = "TS0315"
ACTION: Final = "TS0316"
TYPES: Final = "TS0320"
OPERATOR: Final = "TS0321"
RESULT: Final = "TS0322"
NULLABLE: Final = "TS0323"
DIVISION: Final = "TS0324"
OVERFLOW: Final = "TS0325"
TO_MANY: Final = "TS0326"
NOT_IN_SQL: Final = "TS0340"

_SHOWN: Final = 60

CODES: Final = {
    SYNTAX: "An expression is not well formed.",
    TOO_LONG: "An expression is too long.",
    TOO_DEEP: "An expression is nested too deeply.",
    UNSUPPORTED: "An expression uses a construct that is not supported.",
    LITERAL: "A constant in an expression is malformed or out of range.",
    NAME: "An expression uses an unknown name.",
    MEMBER: "An expression uses an unknown member.",
    FUNCTION: "An expression calls an unknown function.",
    ARGUMENTS: "A function in an expression gets the wrong arguments.",
    ENUM_VALUE: "An expression uses a text that is not a value of the enum.",
    PERMISSION: "An expression asks for an unknown permission.",
    ACTION: "An expression asks for an unknown action.",
    TYPES: "An expression compares values of different types.",
    OPERATOR: "An operator in an expression does not work on such values.",
    RESULT: "An expression does not have the type that is wanted here.",
    NULLABLE: "An expression uses a value that may be null without a guard.",
    DIVISION: "An expression may divide by zero.",
    OVERFLOW: "An expression may leave the range of 64-bit ints.",
    TO_MANY: "An expression uses a relation to many as a single value.",
    NOT_IN_SQL: "An expression cannot be evaluated by the database.",
}
"""Every code of this room with what it says in general."""


class Problems:
    """Gathers the errors of one expression."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._found: list[Diagnostic] = []

    def add(self, code: str, at: Node, message: str, help_: str = "") -> None:
        """Record an error at a part of the expression."""
        self.add_at(code, at.offset, at.length, message, help_)

    def add_at(self, code: str, offset: int, length: int, message: str, help_: str = "") -> None:
        """Record an error at `offset` code points into the expression."""
        span = self._span.inner(offset, length)
        self._found.append(Diagnostic(code=code, span=span, message=message, help=help_))

    def unknown(
        self, code: str, at: tuple[int, int], what: tuple[str, str], known: Iterable[str]
    ) -> None:
        """Record an unknown name.

        Args:
            code: Which kind of name it is.
            at: Its offset and length.
            what: What it would have been, such as `member of Task`, and the name.
            known: Names that would have been right.
        """
        kind, name = what
        names = sorted(known)
        help_ = nearest(name, names) or (f"Known: {', '.join(names)}." if names else "")
        message = f"There is no {kind} '{name[:_SHOWN]}'."
        self.add_at(code, at[0], at[1], message, help_)

    def all(self) -> list[Diagnostic]:
        """Return what was found, in order of place."""
        return sorted(self._found, key=lambda d: (d.span.column if d.span else 0, d.code))
