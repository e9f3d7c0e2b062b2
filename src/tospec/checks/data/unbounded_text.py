"""TS0501."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0501", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def unbounded_text(system: System) -> Iterator[Finding]:
    """A string has neither a length nor a pattern.

    Why:
        Without a bound one request can fill the disk, and the column has no type.

    Fix:
        Write `length: [least, greatest]`, or adopt data-1: 255 for `string`, 20 000 for `text`.
    """
    for entity, field in own_fields(system):
        if field.type in (FieldType.STRING, FieldType.TEXT) and not (field.length or field.pattern):
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} may be of any length.",
                questions=(f"How short and how long may {field.name} be?",),
                options=("length: [1, 255]", "length: [0, 20000]"),
                impact="Neither the column nor the validation of input can be built.",
            )
