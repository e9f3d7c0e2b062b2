"""TS0709."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0709", Domain.POLICY, Blocker.CONTRADICTION)
def action_without_operation(system: System) -> Iterator[Finding]:
    """A policy says who may do something that no operation does.

    Why:
        The limit was written for an operation that does not ask for it.

    Fix:
        Name the action in the operation's `policy`, or remove it.
    """
    for entity in own_entities(system):
        asked = {operation.policy for operation in system.operations_of(entity.name)}
        for action, condition in entity.policy.allow if entity.policy else ():
            if action not in asked:
                yield Finding(
                    subject=f"{entity.name}.{action}",
                    span=condition.span,
                    problem=f"No operation of {entity.name} asks whether {action} is allowed.",
                    questions=(f"Which operation is limited by {action}?",),
                    options=(f"policy: {action} on an operation", "remove the action"),
                    impact="The limit would have no effect.",
                )
