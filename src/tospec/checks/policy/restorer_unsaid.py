"""TS0720."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0720", Domain.POLICY, Blocker.MISSING_DETAIL)
def restorer_unsaid(system: System) -> Iterator[Finding]:
    """A policy limits who may delete a row, and not who may restore it.

    Why:
        Whoever may restore may undo what somebody else deleted, and reads it in the list of what
        is deleted.

    Fix:
        Say who may `restore` in the policy's `allow`, or ask for another permission.
    """
    for entity in own_entities(system):
        policy, asked = entity.policy, dict(entity.crud)
        same = entity.restores and asked.get("delete") == asked["restore"]
        if same and policy and policy.of("delete") and not policy.of("restore"):
            yield Finding(
                subject=f"{entity.name}.restore",
                span=policy.span,
                problem=f"Not everybody may delete every {entity.name}, but all may be restored.",
                questions=(f"Who may bring a deleted {entity.name} back?",),
                options=('restore: "the condition of delete"', "another permission in `crud`"),
                impact="Whoever sees such rows could undo their deletion.",
            )
