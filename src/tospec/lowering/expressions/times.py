"""Comparisons of times: the arithmetic goes to the side that is known beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest

from tospec.expression import (
    DURATION,
    TIMESTAMP,
    Arithmetic,
    Compare,
    Conditional,
    Kind,
    Negate,
    Typed,
)
from tospec.lowering.expressions.rewriting import FLIPPED


@dataclass(frozen=True, slots=True)
class _Term:
    """One summand: a part that is added or taken away."""

    part: Typed
    added: bool

    def negated(self) -> "_Term":
        return _Term(self.part, not self.added)


def reckons_with_time(part: Typed) -> bool:
    """Return whether a part is a sum, difference or multiple of times, or a choice of times."""
    is_time = part.type.kind in {Kind.TIMESTAMP, Kind.DURATION}
    return is_time and isinstance(part, Arithmetic | Negate | Conditional)


def isolated(part: Compare, is_stored: Callable[[Typed], bool]) -> Compare:
    """Return a comparison of times with its one stored operand alone on the left.

    `due_at - now() < duration('1d')` becomes `due_at < now() + duration('1d')`: an index on the
    column serves, and no sum of a stored time can leave the calendar. A comparison with several
    stored operands, without arithmetic, or with an operand that may be null, stays as it is.
    """
    if part.left.type.nullable or part.right.type.nullable:
        return part
    if not (reckons_with_time(part.left) or reckons_with_time(part.right)):
        return part
    terms = [*_terms(part.left), *(term.negated() for term in _terms(part.right))]
    stored = [term for term in terms if is_stored(term.part)]
    if len(stored) != 1:
        return part
    (alone,) = stored
    others = [term for term in terms if term is not alone]
    if alone.added:
        others = [term.negated() for term in others]
    operator = part.operator if alone.added else FLIPPED[part.operator]
    return replace(part, operator=operator, left=alone.part, right=_sum(others))


def _terms(part: Typed) -> list[_Term]:
    if isinstance(part, Negate):
        return [term.negated() for term in _terms(part.operand)]
    if not isinstance(part, Arithmetic) or part.operator not in {"+", "-"}:
        return [_Term(part, added=True)]
    right = _terms(part.right)
    if part.operator == "-":
        right = [term.negated() for term in right]
    return [*_terms(part.left), *right]


def _sum(terms: list[_Term]) -> Typed:
    """Return the sum, in an order in which each step has a type."""
    instants = [term for term in terms if term.part.type.kind is Kind.TIMESTAMP]
    added = [term for term in instants if term.added]
    taken = [term for term in instants if not term.added]
    pairs = zip_longest(added, taken)
    ordered = [term for pair in pairs for term in pair if term is not None]
    lengths = [term for term in terms if term.part.type.kind is not Kind.TIMESTAMP]
    ordered.extend(sorted(lengths, key=lambda term: not term.added))
    first, *rest = ordered
    total = first.part if first.added else _minus(first.part)
    for term in rest:
        total = _plus(total, term)
    return total


def _minus(part: Typed) -> Typed:
    return Negate(part.offset, part.length, part.type, part)


def _plus(total: Typed, term: _Term) -> Typed:
    instants = [each.type.kind is Kind.TIMESTAMP for each in (total, term.part)]
    type_ = TIMESTAMP if sum(instants) == 1 else DURATION
    operator = "+" if term.added else "-"
    return Arithmetic(total.offset, total.length, type_, operator, total, term.part)
