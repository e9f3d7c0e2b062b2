"""TS0520."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_relations
from tospec.diagnostics import Blocker, Domain
from tospec.model import OnDelete, System


@check("TS0520", Domain.DATA, Blocker.UNDEFINED_BEHAVIOUR, convention="audit-1")
def cascade_into_audited(system: System) -> Iterator[Finding]:
    """Rows that leave an audit trail are deleted along with another row.

    Why:
        A database's own cascade leaves no trace of what it took along.

    Fix:
        Adopt audit-1: each row that goes along leaves its entry.
    """
    for entity, relation in own_relations(system):
        if entity.audit and relation.on_delete is OnDelete.CASCADE:
            yield Finding(
                subject=f"{entity.name}.{relation.name}",
                span=relation.span,
                problem=f"A {entity.name} deleted with its {relation.name} may leave no entry.",
                questions=("Does each row that is deleted along leave its own audit entry?",),
                options=("adopt audit-1 (each leaves its entry)", "on_delete: restrict"),
                impact="The audit trail would have holes.",
            )
