"""TS0518."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0518", Domain.DATA, Blocker.AMBIGUITY, blocking=False)
def single_valued_enum(system: System) -> Iterator[Finding]:
    """An enum has one value only.

    Why:
        A choice without an alternative is usually a list that was not finished.

    Fix:
        Add the other values, or remove the field.
    """
    for entity, field in own_fields(system):
        if field.type is FieldType.ENUM and len(field.values) == 1:
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} can only be {field.values[0]}.",
                questions=(f"Which other values has {field.name}?",),
                options=("add the missing values", "remove the field"),
                impact="Clients get a field that tells nothing.",
            )
