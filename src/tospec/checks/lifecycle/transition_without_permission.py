"""TS0604."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0604", Domain.LIFECYCLE, Blocker.MISSING_DETAIL)
def transition_without_permission(system: System) -> Iterator[Finding]:
    """A transition does not say who may make the move.

    Why:
        Access is denied unless it is granted, so somebody must be named.

    Fix:
        Write `permission` on the transition or once on the lifecycle.
    """
    for entity, lifecycle in lifecycles(system):
        for transition in lifecycle.transitions:
            if not transition.permission:
                yield Finding(
                    subject=f"{entity.name}.{transition.name}",
                    span=transition.span,
                    problem=f"Nobody is named who may {transition.name} a {entity.name}.",
                    questions=(f"Which permission does the move {transition.name} need?",),
                    options=tuple(f'permission: "{p.name}"' for p in system.permissions[:3])
                    or ("declare a permission and name it here",),
                    impact="The move cannot be built: without a permission nobody may make it.",
                )
