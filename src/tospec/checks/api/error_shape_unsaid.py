"""TS0414."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0414", Domain.API, Blocker.MISSING_DETAIL, convention="rest-1")
def error_shape_unsaid(system: System) -> Iterator[Finding]:
    """The spec has operations, but not the shape and statuses of their errors.

    Why:
        Every client handles errors; each service that invents a shape is a bug in each client.

    Fix:
        Adopt rest-1: problem documents of RFC 9457 with one status a situation.
    """
    if system.operations:
        yield Finding(
            subject="errors",
            span=system.span,
            problem="Nothing says what an error looks like and which status it has.",
            questions=("Which document shape and which statuses do errors have?",),
            options=("adopt rest-1 (application/problem+json)",),
            impact="No error answer of any operation can be built.",
        )
