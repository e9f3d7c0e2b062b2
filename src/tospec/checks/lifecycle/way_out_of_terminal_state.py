"""TS0603."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0603", Domain.LIFECYCLE, Blocker.CONTRADICTION)
def way_out_of_terminal_state(system: System) -> Iterator[Finding]:
    """A transition leads out of a state that is said to be terminal.

    Why:
        Terminal means that nothing happens any more.

    Fix:
        Take the state out of `terminal`, or remove the transition.
    """
    for entity, lifecycle in lifecycles(system):
        for transition in lifecycle.transitions:
            for state in transition.sources:
                if state in lifecycle.terminal:
                    yield Finding(
                        subject=f"{entity.name}.{transition.name}",
                        span=transition.span,
                        problem=f"{transition.name} leads out of {state}, which is terminal.",
                        questions=(f"Can a {entity.name} leave {state}?",),
                        options=(f"take {state} out of `terminal`", f"remove {transition.name}"),
                        impact="The allowed moves from that state stay open.",
                    )
