"""TS0605."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0605", Domain.LIFECYCLE, Blocker.AMBIGUITY, answerable=True)
def transition_without_actor(system: System) -> Iterator[Finding]:
    """The policy limits who may update a row, but not who may make a move with it.

    Why:
        Somebody who may not touch a row could still push it through its lifecycle.

    Fix:
        Name an action of the policy in `policy`, on the transition or once on the lifecycle.
    """
    for entity, lifecycle in lifecycles(system):
        limited = entity.policy is not None and entity.policy.of("update") is not None
        for transition in lifecycle.transitions if limited else ():
            if transition.policy is None:
                yield Finding(
                    subject=f"{entity.name}.{transition.name}",
                    span=transition.span,
                    problem=f"Updates are limited to some people, but {transition.name} is not.",
                    questions=(f"Whose {entity.name} may somebody {transition.name}?",),
                    options=("policy: update", f"policy: {transition.name}, and say who"),
                    impact="The move would be open to everybody with the permission.",
                )
