"""TS0704."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0704", Domain.POLICY, Blocker.MISSING_DETAIL)
def entity_without_policy(system: System) -> Iterator[Finding]:
    """An entity does not say who may see its rows.

    Why:
        "Everybody in the tenant" is an answer, but it must be somebody's answer.

    Fix:
        Write `policy: {visible: …}`, or inherit it from a relation.
    """
    for entity in own_entities(system):
        silent = entity.policy is None or (
            entity.policy.visible is None and entity.policy.inherit is None
        )
        if silent and system.operations_of(entity.name):
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"Nothing says whose rows of {entity.name} somebody sees.",
                questions=(
                    f"Does everybody with the permission see every {entity.name} of the tenant?",
                ),
                options=('policy: {visible: "true"}', "policy: {inherit: a_relation}"),
                impact="Neither lists nor single rows can be filtered.",
            )
