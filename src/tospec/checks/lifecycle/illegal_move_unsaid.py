"""TS0609."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0609", Domain.LIFECYCLE, Blocker.UNDEFINED_BEHAVIOUR, convention="lifecycle-1")
def illegal_move_unsaid(system: System) -> Iterator[Finding]:
    """A lifecycle does not say what a move gets that it does not have.

    Why:
        It is the first thing that every client will try by accident.

    Fix:
        Adopt lifecycle-1: 409 INVALID_TRANSITION with the moves that are allowed now.
    """
    for entity, lifecycle in lifecycles(system):
        yield Finding(
            subject=entity.name,
            span=lifecycle.span,
            problem=f"Nothing says what a move gets that a {entity.name} cannot make now.",
            questions=("Which error answers an illegal move, and does it name the legal ones?",),
            options=("adopt lifecycle-1 (409 INVALID_TRANSITION with the allowed moves)",),
            impact="The answers of all transitions stay open.",
        )
