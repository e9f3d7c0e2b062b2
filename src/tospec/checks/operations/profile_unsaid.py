"""TS1006."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1006", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def profile_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say which architecture the backend has.

    Why:
        A team lives with the layout of its code for years.

    Fix:
        Write `profile: cqrs`.
    """
    if not system.profile:
        yield Finding(
            subject="system.profile",
            span=system.span,
            problem="No profile is named.",
            questions=("Which architecture shall the code have?",),
            options=("profile: cqrs",),
            impact="No code can be laid out.",
        )
