"""What a test proves about null."""

from tospec.expression.analysis import asks_time, depends_on_rows
from tospec.expression.scope import Scope
from tospec.expression.typed import And, Compare, Constant, Membership, Not, Or, Path, Typed

type Facts = frozenset[tuple[str, ...]]
"""Keys of the paths that are known not to be null."""

NO_FACTS: Facts = frozenset()


def facts_of(scope: Scope) -> Facts:
    """Return what is not null wherever expressions of a scope are asked."""
    return NO_FACTS if scope.premise is None else proven(scope.premise, outcome=True)


def proven(test: Typed, *, outcome: bool) -> Facts:
    """Return what is not null when `test` came out as `outcome`.

    A test that looks at rows or at the clock proves nothing about variables: in a filter the
    variables are used before either is looked at.
    """
    match test:
        case Not(operand=operand):
            return proven(operand, outcome=not outcome)
        case And(operands=operands):
            return _joined(operands, outcome=outcome, all_known=outcome)
        case Or(operands=operands):
            return _joined(operands, outcome=outcome, all_known=not outcome)
        case Compare(operator="==" | "!=" as operator):
            found = _by_equality(test, equal=outcome == (operator == "=="))
        case Membership(item=Path() as item) if outcome:
            found = [item]
        case _:
            found = []
    stored = depends_on_rows(test) or asks_time(test)
    return frozenset(path.key for path in found if path.is_stored or not stored)


def _joined(operands: tuple[Typed, ...], *, outcome: bool, all_known: bool) -> Facts:
    facts = [proven(operand, outcome=outcome) for operand in operands]
    return NO_FACTS.union(*facts) if all_known else facts[0].intersection(*facts[1:])


def _by_equality(test: Compare, *, equal: bool) -> list[Path]:
    found: list[Path] = []
    for one, other in ((test.left, test.right), (test.right, test.left)):
        null = isinstance(other, Constant) and other.value is None
        if isinstance(one, Path) and ((equal and not other.type.nullable) or (not equal and null)):
            found.append(one)
    return found
