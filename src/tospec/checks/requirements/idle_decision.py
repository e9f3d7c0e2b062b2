"""TS1104."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check, discover
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1104", Domain.REQUIREMENTS, Blocker.CONTRADICTION)
def idle_decision(system: System) -> Iterator[Finding]:
    """A decision answers a question that nobody asks.

    Why:
        Its id is misspelt, or the spec has moved on and the decision stayed behind.

    Fix:
        Correct `answers` to the id that `tospec assess` shows, or remove the decision.
    """
    asked = {
        f"{other.code} {finding.subject}"
        for other in discover()
        if other.answerable
        for finding in other.rule(system)
    }
    for decision in system.decisions:
        if decision.answers not in asked:
            yield Finding(
                subject=decision.name,
                span=decision.span,
                problem=f"No question has the id {decision.answers}.",
                questions=("Which question does it answer?",),
                options=("the id of an open question in `answers`", "remove the decision"),
                impact="Somebody believes that a question is answered which is not.",
            )
