"""TS0511."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0511", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1", answerable=True)
def retention_unsaid(system: System) -> Iterator[Finding]:
    """Deleted rows stay in the database, but not for how long.

    Why:
        Keeping personal data for ever is a decision that somebody answers for.

    Fix:
        Decide, or adopt data-1: until the tenant goes.
    """
    for entity in own_entities(system):
        if entity.soft_delete:
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"A deleted {entity.name} is kept, and nothing says until when.",
                questions=("How long are deleted rows kept?",),
                options=("adopt data-1 (until the tenant goes)", "decide a number of days"),
                impact="Purging cannot be built.",
            )
