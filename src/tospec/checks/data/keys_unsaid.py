"""TS0516."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0516", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def keys_unsaid(system: System) -> Iterator[Finding]:
    """The spec has entities, but not what identifies a row.

    Why:
        Counted ids tell a stranger how many rows there are, and can be guessed.

    Fix:
        Adopt data-1: UUIDv7, with created_at and updated_at on every row.
    """
    for entity in own_entities(system)[:1]:
        yield Finding(
            subject="keys",
            span=entity.span,
            problem="Nothing says what identifies a row, nor which times every row keeps.",
            questions=("Are ids random or counted, and who makes them?",),
            options=("adopt data-1 (UUIDv7, created_at, updated_at)",),
            impact="No table can be built.",
        )
