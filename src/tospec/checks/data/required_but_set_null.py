"""TS0521."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_relations
from tospec.diagnostics import Blocker, Domain
from tospec.model import OnDelete, System


@check("TS0521", Domain.DATA, Blocker.CONTRADICTION)
def required_but_set_null(system: System) -> Iterator[Finding]:
    """A relation is required, and becomes null when its other end is deleted.

    Why:
        Both cannot be: the row would be without what it must have.

    Fix:
        Make the relation `optional`, or restrict or cascade the delete.
    """
    for entity, relation in own_relations(system):
        if relation.on_delete is OnDelete.SET_NULL and not relation.optional:
            yield Finding(
                subject=f"{entity.name}.{relation.name}",
                span=relation.span,
                problem=f"{relation.name} is required, yet set to null on delete.",
                questions=(f"May a {entity.name} be without {relation.name}?",),
                options=("optional: true", "on_delete: restrict", "on_delete: cascade"),
                impact="The foreign key cannot be built.",
            )
