"""Equal forms of typed expressions that are better to compile."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tospec.expression import (
    BOOL,
    Aggregate,
    And,
    Compare,
    Conditional,
    Constant,
    Items,
    Kind,
    Membership,
    Not,
    Or,
    Tally,
    Typed,
    is_flat,
)

FLIPPED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Operators with the sides exchanged."""

OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""Operators that are true when the other is false."""


def flipped(part: Compare) -> Compare:
    """Return the same comparison with its sides exchanged."""
    return replace(part, operator=FLIPPED[part.operator], left=part.right, right=part.left)


def opposite(part: Typed) -> Typed:
    """Return what is true when a bool is false, with `!` as deep inside as it can be."""
    match part:
        case Not(operand=operand):
            return operand
        case Compare(operator=operator):
            return replace(part, operator=OPPOSITE[operator])
        case And(operands=operands) | Or(operands=operands):
            other = Or if isinstance(part, And) else And
            return other(part.offset, part.length, BOOL, tuple(map(opposite, operands)))
        case Conditional(then=then, otherwise=otherwise):
            return replace(part, then=opposite(then), otherwise=opposite(otherwise))
        case Constant(value=bool(value)):
            return replace(part, value=not value)
        case _:
            return Not(part.offset, part.length, BOOL, part)


def null_test(part: Compare) -> Typed | None:
    """Return the operand that is compared with null; None when there is no null."""
    if _is_null(part.right):
        return part.left
    return part.right if _is_null(part.left) else None


def _is_null(part: Typed) -> bool:
    return isinstance(part, Constant) and part.value is None


def existence(part: Compare) -> Typed | None:
    """Return `exists` for a count that is compared with nothing; None for other comparisons."""
    count = part.left
    if not isinstance(count, Aggregate) or not isinstance(part.right, Constant):
        return None
    exists = replace(count, tally=Tally.EXISTS, type=BOOL)
    test = (part.operator, part.right.value)
    if test in {(">", 0), ("!=", 0), (">=", 1)}:
        return exists
    if test in {("==", 0), ("<=", 0), ("<", 1)}:
        return Not(part.offset, part.length, BOOL, exists)
    return None


def distributed(part: Compare, is_stored: Callable[[Typed], bool]) -> Compare | Conditional:
    """Return a choice of comparisons for the comparison of a stored choice with a flat value.

    So no choice between values of an enum, whose type the database does not know, is needed. Only
    what is flat is repeated: the size stays in proportion.
    """
    choice, other = part.left, part.right
    if not isinstance(choice, Conditional) or choice.type.kind is Kind.BOOL:
        return part
    if not is_stored(choice) or not is_flat(other):
        return part
    then = distributed(replace(part, left=choice.then), is_stored)
    otherwise = distributed(replace(part, left=choice.otherwise), is_stored)
    return replace(choice, type=BOOL, then=then, otherwise=otherwise)


def distributed_membership(part: Membership) -> Conditional | None:
    """Return a choice of memberships for the membership of a choice in a flat list, or None."""
    choice = part.item
    if not isinstance(choice, Conditional) or not is_flat(part.options):
        return None
    then, otherwise = (replace(part, item=each) for each in (choice.then, choice.otherwise))
    return replace(choice, type=BOOL, then=then, otherwise=otherwise)


def single(part: Membership) -> Compare | None:
    """Return `item == option` for membership in a list of one; None for other lists."""
    if not isinstance(part.options, Items) or len(part.options.items) != 1:
        return None
    return Compare(part.offset, part.length, BOOL, "==", part.item, part.options.items[0])


def without_repetitions(items: tuple[Typed, ...]) -> tuple[Typed, ...]:
    """Return the items of a list with each constant once."""
    kept: dict[object, Typed] = {}
    for item in items:
        key = ("constant", item.value) if isinstance(item, Constant) else (id(item),)
        kept.setdefault(key, item)
    return tuple(kept.values())
