"""TS1008."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS1008", Domain.OPERATIONS, Blocker.MISSING_DETAIL, convention="operations-1")
def load_unsaid(system: System) -> Iterator[Finding]:
    """The spec has lists, but does not say how much they must bear.

    Why:
        A list that is fast with ten rows may be useless with a million.

    Fix:
        Write a `budget`, or adopt operations-1: every list and lookup uses an index, requests
        have a deadline.
    """
    first = next((o for o in system.operations if o.kind is Kind.LIST), None)
    if first and not system.budgets:
        yield Finding(
            subject="load",
            span=first.span,
            problem="Nothing says how many rows there will be, nor how fast answers must come.",
            questions=("How many rows has the largest tenant, and how long may an answer take?",),
            options=(
                "adopt operations-1 (indexed lists, requests with a deadline)",
                "a budget",
            ),
            impact="Time limits and indexes stay open.",
        )
