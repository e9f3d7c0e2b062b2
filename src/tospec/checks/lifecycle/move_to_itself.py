"""TS0614."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0614", Domain.LIFECYCLE, Blocker.AMBIGUITY, blocking=False)
def move_to_itself(system: System) -> Iterator[Finding]:
    """A transition leads from a state to the same state.

    Why:
        It changes nothing that the lifecycle knows of, and announces a change all the same.

    Fix:
        Make it a command, or remove the state from its `from`.
    """
    for entity, lifecycle in lifecycles(system):
        for transition in lifecycle.transitions:
            if transition.target in transition.sources:
                yield Finding(
                    subject=f"{entity.name}.{transition.name}",
                    span=transition.span,
                    problem=f"{transition.name} leads from {transition.target} to itself.",
                    questions=(f"Is {transition.name} a move at all?",),
                    options=("a command instead", f"take {transition.target} out of `from`"),
                    impact="A change of state is announced where there is none.",
                )
