"""TS0602."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0602", Domain.LIFECYCLE, Blocker.MISSING_DETAIL)
def dead_end_state(system: System) -> Iterator[Finding]:
    """A state has no way out and is not said to be terminal.

    Why:
        Either it is the end, or a transition was forgotten.

    Fix:
        List it in `terminal`, or add a transition out of it.
    """
    for entity, lifecycle in lifecycles(system):
        sources = {state for transition in lifecycle.transitions for state in transition.sources}
        for state in lifecycle.states:
            if state not in sources and state not in lifecycle.terminal:
                yield Finding(
                    subject=f"{entity.name}.{state}",
                    span=lifecycle.span,
                    problem=f"Nothing leads out of {state}, and it is not terminal.",
                    questions=(f"Is {state} the end of a {entity.name}?",),
                    options=(f"terminal: [{state}]", f"a transition with `from: [{state}]`"),
                    impact="Rows would be stuck there.",
                )
