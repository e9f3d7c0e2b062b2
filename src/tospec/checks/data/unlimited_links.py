"""TS0510."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_relations
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0510", Domain.DATA, Blocker.MISSING_DETAIL, convention="data-1")
def unlimited_links(system: System) -> Iterator[Finding]:
    """A relation to many has no greatest number of links.

    Why:
        Every row carries its links in each answer.

    Fix:
        Write `max`, or adopt data-1: as many as a body may hold.
    """
    for entity, relation in own_relations(system):
        if relation.many and relation.max is None:
            yield Finding(
                subject=f"{entity.name}.{relation.name}",
                span=relation.span,
                problem=f"A {entity.name} may have any number of {relation.name}.",
                questions=(f"How many {relation.name} may a {entity.name} have?",),
                options=("max: 20", "max: 1000", "adopt data-1 (no limit of its own)"),
                impact="The size of an answer has no bound.",
            )
