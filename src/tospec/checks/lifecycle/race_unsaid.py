"""TS0612."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0612", Domain.LIFECYCLE, Blocker.UNDEFINED_BEHAVIOUR, convention="lifecycle-1")
def race_unsaid(system: System) -> Iterator[Finding]:
    """Two people may move one row at the same time, and nothing says what happens.

    Why:
        Both could succeed, and the row would have gone two ways.

    Fix:
        Adopt lifecycle-1: exactly one wins, the other gets the answer for the state it left.
    """
    for entity, lifecycle in lifecycles(system):
        yield Finding(
            subject=f"{entity.name}.{lifecycle.field}",
            span=lifecycle.span,
            problem=f"Nothing says who wins when two people move one {entity.name}.",
            questions=("Does exactly one of two racing moves win?",),
            options=("adopt lifecycle-1 (exactly one wins)",),
            impact="Locking of rows cannot be built.",
        )
