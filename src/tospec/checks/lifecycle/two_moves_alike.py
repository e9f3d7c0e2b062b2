"""TS0607."""

from collections.abc import Iterator
from itertools import combinations

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0607", Domain.LIFECYCLE, Blocker.AMBIGUITY, answerable=True)
def two_moves_alike(system: System) -> Iterator[Finding]:
    """Two transitions lead from one state to the same other state.

    Why:
        Whoever reads the history cannot tell which of the two was made, and why there are two.

    Fix:
        Merge them, or decide that both are meant.
    """
    for entity, lifecycle in lifecycles(system):
        for one, other in combinations(lifecycle.transitions, 2):
            shared = [state for state in one.sources if state in other.sources]
            if one.target == other.target and shared:
                yield Finding(
                    subject=f"{entity.name}.{other.name}",
                    span=other.span,
                    problem=f"{one.name} and {other.name} lead from {shared[0]} to {one.target}.",
                    questions=(f"What tells {one.name} and {other.name} apart?",),
                    options=("merge the two", "decide that both are meant"),
                    impact="The rules of one can be avoided through the other.",
                )
