"""TS0902."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0902", Domain.ACCOUNTS, Blocker.MISSING_DETAIL, convention="accounts-1")
def token_lifetime_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how long tokens are valid.

    Why:
        It is the time that a stolen token works.

    Fix:
        Write `access_token` and `refresh_token`, or adopt accounts-1: 15 minutes and 30 days.
    """
    for key in ("access_token", "refresh_token"):
        if system.auth and key not in system.auth.given:
            yield Finding(
                subject=f"auth.{key}",
                span=system.auth.span,
                problem=f"{key} has no lifetime.",
                questions=(f"How long is a {key.replace('_', ' ')} valid?",),
                options=(f"{key}: {'15m' if key == 'access_token' else '30d'}",),
                impact="No token can be issued.",
            )
