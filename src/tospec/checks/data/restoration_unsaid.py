"""TS0530."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0530", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1", answerable=True)
def restoration_unsaid(system: System) -> Iterator[Finding]:
    """Deleted rows stay in the database, but nothing says whether they may come back.

    Why:
        Whoever deletes by mistake asks for it, and whoever deleted on purpose counts on the answer.

    Fix:
        Name a permission in `crud: {restore: …}`, decide, or adopt data-1: nobody restores.
    """
    for entity in own_entities(system):
        if entity.soft_delete and not entity.restores:
            yield Finding(
                subject=f"{entity.name}.restore",
                span=entity.span,
                problem=f"A deleted {entity.name} is kept, and nothing says who may restore it.",
                questions=(f"May a deleted {entity.name} come back, and who decides?",),
                options=('crud: {restore: "a:permission"}', "adopt data-1 (nobody restores)"),
                impact="What is deleted by mistake stays deleted, or is restored by hand.",
            )
