"""Questions about typed expressions."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import chain
from typing import cast

from tospec.expression.typed import (
    Aggregate,
    Call,
    Conditional,
    Function,
    HasPermission,
    MayDo,
    Part,
    Path,
    Typed,
    TypedExpression,
)


def parts(root: Typed) -> Iterator[Typed]:
    """Yield a part and all parts in it, in the order in which they were written."""
    yield root
    for child in children(root):
        yield from parts(child)


def children(part: Typed) -> tuple[Typed, ...]:
    """Return the parts that a part consists of, in the order in which they were written."""
    values = (getattr(part, field.name) for field in fields(part))
    flat = chain.from_iterable(value if isinstance(value, tuple) else (value,) for value in values)
    return tuple(cast("Typed", value) for value in flat if isinstance(value, Part))


def paths(expression: TypedExpression) -> tuple[Path, ...]:
    """Return each path of the expression, in the order in which they were written."""
    return tuple(part for part in parts(expression.root) if isinstance(part, Path))


def aggregates(expression: TypedExpression) -> tuple[Aggregate, ...]:
    """Return each aggregate of the expression, in the order in which they were written."""
    return tuple(part for part in parts(expression.root) if isinstance(part, Aggregate))


def permission_checks(expression: TypedExpression) -> tuple[HasPermission | MayDo, ...]:
    """Return each question about permissions, in the order in which they were written."""
    found = (part for part in parts(expression.root))
    return tuple(part for part in found if isinstance(part, HasPermission | MayDo))


def uses_row(expression: TypedExpression) -> bool:
    """Return whether the value depends on the row that the expression is about."""
    return any(path.root.level == 0 for path in paths(expression))


def uses_now(expression: TypedExpression) -> bool:
    """Return whether the value depends on the time."""
    return asks_time(expression.root)


def asks_time(part: Typed) -> bool:
    """Return whether the value of a part depends on the time."""
    return any(isinstance(each, Call) and each.function is Function.NOW for each in parts(part))


def is_flat(part: Typed) -> bool:
    """Return whether a part can stand twice in SQL without its size growing out of hand.

    Nothing nests in it without end: there are no choices and no aggregates in it, or it is known
    before any row is looked at.
    """
    nested = (isinstance(each, Conditional | Aggregate | MayDo) for each in parts(part))
    return not any(nested) or not depends_on_rows(part)


def depends_on_rows(part: Typed) -> bool:
    """Return whether the value of a part depends on what is stored."""
    return any(
        (isinstance(each, Path) and each.root.level is not None)
        or isinstance(each, Aggregate | MayDo)
        for each in parts(part)
    )
