"""TS0601."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles, reachable_states
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0601", Domain.LIFECYCLE, Blocker.CONTRADICTION)
def unreachable_state(system: System) -> Iterator[Finding]:
    """No chain of transitions leads from the initial state to a state.

    Why:
        Nothing can ever be in it, so something that should lead there is missing.

    Fix:
        Add a transition to it, or remove the state.
    """
    for entity, lifecycle in lifecycles(system):
        reached = reachable_states(lifecycle)
        for state in lifecycle.states:
            if state not in reached:
                yield Finding(
                    subject=f"{entity.name}.{state}",
                    span=lifecycle.span,
                    problem=f"A {entity.name} can never become {state}.",
                    questions=(f"Which move leads to {state}?",),
                    options=(f"a transition with `to: {state}`", f"remove the state {state}"),
                    impact=f"Everything said about {state} would be dead code.",
                )
