"""TS0512."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0512", Domain.DATA, Blocker.AMBIGUITY, convention="data-1")
def deleted_rows_and_unique(system: System) -> Iterator[Finding]:
    """An entity keeps deleted rows and has unique values.

    Why:
        Whether a deleted row still blocks its name is seen by every user who deletes by mistake.

    Fix:
        Adopt data-1: deleted rows do not count.
    """
    for entity in own_entities(system):
        for unique in entity.unique if entity.soft_delete else ():
            name = ", ".join(unique.fields)
            yield Finding(
                subject=f"{entity.name}.{name}",
                span=unique.span,
                problem=f"Nothing says whether a deleted {entity.name} still holds its {name}.",
                questions=(f"May a new {entity.name} take the {name} of a deleted one?",),
                options=("adopt data-1 (deleted rows do not count)",),
                impact="The unique index stays open.",
            )
