"""Source with its binding strength, so that parentheses stand only where they must."""

from dataclasses import dataclass
from enum import IntEnum

from tospec.python import Code, fill


class Strength(IntEnum):
    """How tightly Python binds what an expression consists of."""

    CONDITIONAL = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    UNARY = 7
    ATOM = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """Source and how tightly its outermost operator binds."""

    code: Code
    strength: Strength = Strength.ATOM

    def at(self, strength: Strength) -> Code:
        """Return the source for a place that wants at least `strength`."""
        return self.code if self.strength >= strength else fill("({})", self.code)


def infix(operator: str, left: Piece, right: Piece, strength: Strength) -> Piece:
    """Return `left operator right` for an operator of ours that groups to the left."""
    tighter = Strength(strength + 1)
    # Comparisons chain in Python, so neither side may be one.
    first = left.at(tighter if strength is Strength.COMPARISON else strength)
    return Piece(fill("{} {} {}", first, Code(operator), right.at(tighter)), strength)
