"""TS0905."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0905", Domain.ACCOUNTS, Blocker.MISSING_DETAIL, convention="accounts-1")
def invitation_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how long an invitation can be accepted.

    Why:
        An old mail would open the door for ever.

    Fix:
        Write `invitation: {expires: 7d}`, or adopt accounts-1.
    """
    if system.auth and "invitation" not in system.auth.given:
        yield Finding(
            subject="auth.invitation",
            span=system.auth.span,
            problem="An invitation never expires.",
            questions=("How long can an invitation be accepted?",),
            options=("invitation: {expires: 7d}",),
            impact="Invitations cannot be built.",
        )
