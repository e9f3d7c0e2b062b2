"""TS0505."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0505", Domain.DATA, Blocker.MISSING_DETAIL)
def decimal_without_digits(system: System) -> Iterator[Finding]:
    """A decimal does not say how many digits it has.

    Why:
        Databases round silently to the digits they were given.

    Fix:
        Write `digits: [in all, after the point]`.
    """
    for entity, field in own_fields(system):
        if field.type is FieldType.DECIMAL and field.digits is None:
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} has no precision.",
                questions=("How many digits in all, and how many after the point?",),
                options=("digits: [12, 2]", "digits: [18, 4]"),
                impact="The column's type cannot be built without rounding somebody's value.",
            )
