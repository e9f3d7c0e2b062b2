"""TS0513."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0513", Domain.DATA, Blocker.AMBIGUITY, convention="data-1")
def time_zone_unsaid(system: System) -> Iterator[Finding]:
    """The spec has timestamps, but not their zone and precision.

    Why:
        A time without a zone is a different instant for each reader.

    Fix:
        Adopt data-1: RFC 3339 with an offset on the wire, UTC in the database, microseconds.
    """
    for entity, field in own_fields(system):
        if field.type is FieldType.TIMESTAMP:
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} is a time without a zone.",
                questions=("Must clients send an offset, and in which zone are answers?",),
                options=("adopt data-1 (offset required, answers in UTC)",),
                impact="Parsing, storing and comparing times cannot be built.",
            )
