"""TS0504."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0504", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def number_without_range(system: System) -> Iterator[Finding]:
    """A number that clients write has no least and no greatest value.

    Why:
        Negative quantities and overflows are what attackers try first.

    Fix:
        Write `range: [least, greatest]`, or adopt data-1: any 64-bit integer.
    """
    for entity, field in own_fields(system):
        if field.type is FieldType.INT and field.writable and field.range is None:
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} may be any number, negative ones too.",
                questions=(f"What are the least and the greatest {field.name}?",),
                options=("range: [0, 1000000]", "adopt data-1 (any 64-bit integer)"),
                impact="Input cannot be checked at its edges.",
            )
