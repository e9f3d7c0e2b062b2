"""TS0532."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_relations
from tospec.diagnostics import Blocker, Domain
from tospec.model import OnDelete, System


@check("TS0532", Domain.DATA, Blocker.UNDEFINED_BEHAVIOUR, answerable=True)
def restored_without_others(system: System) -> Iterator[Finding]:
    """Rows go along with one that may be restored, and do not come back with it.

    Why:
        Whoever restores a row expects all that went with it. Rows that are gone for good cannot
        come back, and rows that were deleted softly come back one by one.

    Fix:
        Let them keep the row from being deleted, or decide that they stay deleted.
    """
    for entity, relation in own_relations(system):
        target = system.entity(relation.to)
        if relation.on_delete is OnDelete.CASCADE and not relation.many and target.restores:
            ends = "is restored by itself" if entity.restores else "does not come back"
            yield Finding(
                subject=f"{entity.name}.{relation.name}",
                span=relation.span,
                problem=f"A {entity.name} that went with its {relation.name} {ends}.",
                questions=(f"Is a {target.name} of use without what went with it?",),
                options=("on_delete: restrict", "decide that it is"),
                impact=f"A restored {target.name} is not what it was.",
            )
